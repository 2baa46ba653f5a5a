using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.EventsGateway.Sources;

namespace Gateway.EventsGateway.Findings;

/// <summary>What this process knows now: everything that a rule reads.</summary>
internal sealed record Figures
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>One of the states of <see cref="Gateway.Shared.Health.HealthText"/>.</summary>
    public required string Phase { get; init; }

    public IReadOnlyList<CheckFigure> Checks { get; init; } = [];

    public IngestFigures Ingest { get; init; } = new(0, 0, 0, null);

    /// <summary>Null until the store has reported it, and in a process without a store.</summary>
    public BacklogFigures? Backlog { get; init; }

    /// <summary>The store has not been read since the start, for longer than that takes.</summary>
    public bool IsBacklogUnknown { get; init; }

    /// <summary>Null in a process without a worker.</summary>
    public WorkerFigures? Worker { get; init; }

    /// <summary>Null in a process without a worker.</summary>
    public RoutingFigures? Routing { get; init; }

    public IReadOnlyList<RoutingPause> Pauses { get; init; } = [];

    /// <summary>Failed events of the last 15 minutes, without those of ended shipments.</summary>
    public IReadOnlyList<FailureFigure> Failed { get; init; } = [];

    /// <summary>The merchant of nearly all of the latest failed events of an outcome, where there is one.</summary>
    public IReadOnlyDictionary<string, string> FailedMerchants { get; init; } = new Dictionary<string, string>();

    /// <summary>Acceptances of the last 15 minutes whose time cannot be true.</summary>
    public long ImplausibleTimes { get; init; }

    public IReadOnlyList<SourceFigures> Sources { get; init; } = [];

    public IReadOnlyList<ProcessDto> Processes { get; init; } = [];

    /// <summary>Wrong operator keys of the last 10 minutes.</summary>
    public long WrongKeys { get; init; }

    public IReadOnlyList<TargetFigure> AlertTargets { get; init; } = [];

    /// <summary>A backend other than the deduplication cache does not answer.</summary>
    public bool IsBackendDown => Checks.Any(check => check is { IsBackend: true, IsHealthy: false, IsCache: false });

    public bool IsTransitional => Phase is Gateway.Shared.Health.HealthText.Starting or Gateway.Shared.Health.HealthText.Stopping;
}

/// <param name="Name">Of the check, or of the backend.</param>
/// <param name="IsBackend">It probes a backend.</param>
/// <param name="Status">healthy, degraded or unhealthy.</param>
/// <param name="Detail">Why.</param>
internal sealed record CheckFigure(string Name, bool IsBackend, string Status, string? Detail)
{
    public bool IsHealthy => Status == "healthy";

    public bool IsUnhealthy => Status == Gateway.Shared.Health.HealthText.Unhealthy;

    /// <summary>Redis only filters: without it duplicates reach the store, which recognises them.</summary>
    public bool IsCache => IsBackend && Name == "redis";
}

/// <param name="Requests">Of the last minute.</param>
/// <param name="Unavailable">Those that were answered 503.</param>
/// <param name="Accepted">Accepted ones and duplicates.</param>
/// <param name="P99">Their acceptance, the 99th percentile.</param>
internal sealed record IngestFigures(long Requests, long Unavailable, long Accepted, TimeSpan? P99);

/// <param name="At">When the store was asked; a slow one is asked less often.</param>
/// <param name="Pending">Events that are pending.</param>
/// <param name="Oldest">The age of the oldest.</param>
/// <param name="IsLate">It is older than the lag budget, and nothing is paused.</param>
/// <param name="GrowthPerSecond">Over the last minute; null before a minute is known.</param>
/// <param name="Failed">Failed events that are stored.</param>
/// <param name="LeastQueued">The fewest messages in the queue within 5 minutes; null where that is not known.</param>
internal sealed record BacklogFigures(
    DateTimeOffset At, long Pending, TimeSpan? Oldest, bool IsLate, double? GrowthPerSecond, long Failed, long? LeastQueued);

/// <param name="Outcome">Why the events failed.</param>
/// <param name="Source">Who had sent them.</param>
/// <param name="Count">Their number.</param>
internal sealed record FailureFigure(string Outcome, string Source, long Count);

/// <param name="InFlight">The fewest attempts of the last minute; null before a minute is known.</param>
/// <param name="Slots">Attempts that can run at once.</param>
/// <param name="MedianAttempt">Their usual duration.</param>
internal sealed record WorkerFigures(long? InFlight, long Slots, TimeSpan? MedianAttempt);

/// <param name="Address">Of the routing service, without secrets.</param>
/// <param name="IsOpen">The circuit of all calls is open.</param>
/// <param name="OpenFor">For how long.</param>
/// <param name="NextProbe">Until the next probe.</param>
/// <param name="LastFailure">Since the start.</param>
/// <param name="FailedInARow">Calls since the last routed one.</param>
/// <param name="Failed">Failed attempts of the last 10 s.</param>
/// <param name="Completed">Other attempts of the last 10 s.</param>
/// <param name="OpenMerchants">Whose own circuit is open.</param>
internal sealed record RoutingFigures(
    string? Address, bool IsOpen, TimeSpan OpenFor, TimeSpan NextProbe, RoutingFailure? LastFailure, int FailedInARow,
    long Failed, long Completed, IReadOnlyList<string> OpenMerchants);

/// <param name="Name">Of the source.</param>
/// <param name="Known">What its own findings say.</param>
/// <param name="Recent">Of the last 5 minutes.</param>
/// <param name="Usual">Of the day before, as far as this process knows it.</param>
internal sealed record SourceFigures(string Name, IReadOnlyList<SourceFinding> Known, SourceTraffic Recent, SourceTraffic Usual);

/// <param name="Name">webhook or slack.</param>
/// <param name="Waiting">Messages that it has not taken.</param>
/// <param name="FailingSince">Null while it takes them.</param>
/// <param name="Error">Why not.</param>
internal sealed record TargetFigure(string Name, int Waiting, DateTimeOffset? FailingSince, string? Error);
