using System.Text.Json.Serialization;
using Gateway.EventsGateway.Findings;
using Gateway.EventsGateway.Monitoring;

namespace Gateway.EventsGateway.Features.Console.Live;

/// <summary>One second: counts per second, durations in milliseconds, ages in seconds; null if unknown.</summary>
internal sealed record LivePoint
{
    public required long T { get; init; }

    public double Accepted { get; init; }

    public double Duplicate { get; init; }

    public double Rejected { get; init; }

    public double Unavailable { get; init; }

    public double Processed { get; init; }

    public double Failed { get; init; }

    public double Retries { get; init; }

    public double? P50 { get; init; }

    public double? P95 { get; init; }

    public double? P99 { get; init; }

    public double? AttemptP50 { get; init; }

    public double? AttemptP99 { get; init; }

    public long? Pending { get; init; }

    public double? Oldest { get; init; }

    public long? Queued { get; init; }

    public long InFlight { get; init; }
}

internal sealed record LiveHistory(int StepSeconds, IReadOnlyList<LivePoint> Points);

/// <summary>The state that the console shows for one second.</summary>
internal sealed record LiveSnapshot(
    LivePoint Point, LiveProcess Process, LiveCounts? Counts, LiveIngest Ingest, LiveWorker Worker, LiveCircuit Circuit,
    IReadOnlyList<LiveBackend> Backends, LiveHealth Health, LiveTotals Totals, StatusDto Status);

internal sealed record LiveProcess(string Host, int Pid, string Profile, string Role, string Version, string StartedAt);

/// <summary>The counts of the store, which other processes may share; they include removed events.</summary>
internal sealed record LiveCounts(
    long Accepted, long Pending, long Processed, long Failed, long Dismissed, LiveRemoved Removed, double? OldestPendingSeconds,
    long? QueuedMessages, string At);

internal sealed record LiveRemoved(long Processed, long Failed, long Dismissed);

internal sealed record LiveIngest(string State, IReadOnlyDictionary<string, long> RejectedByReason);

internal sealed record LiveWorker(string State, long InFlight, long Slots);

/// <summary>The routing circuit, with the last failure since the start and the failures since the last routed call.</summary>
internal sealed record LiveCircuit(
    string State, double NextProbeSeconds, double OpenForSeconds, string? Address = null, LiveFailure? LastFailure = null,
    int ConsecutiveFailures = 0);

internal sealed record LiveFailure(string Error, string At);

internal sealed record LiveBackend(string Name, bool Up, string? Detail);

internal sealed record LiveHealth(string Status, IReadOnlyList<LiveCheck> Checks);

internal sealed record LiveCheck(string Name, string Status, string? Detail);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LiveHistory))]
[JsonSerializable(typeof(LiveSnapshot))]
internal sealed partial class LiveJson : JsonSerializerContext;
