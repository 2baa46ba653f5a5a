using System.Diagnostics.Metrics;

namespace Gateway.EventsGateway.Telemetry;

/// <summary>
/// Every number that this module tells, once: exporters and the console read the same instruments. Names and units are
/// public (docs/operations.md); seconds are <c>s</c>, counted things stand in braces (UCUM, as OpenTelemetry asks).
/// </summary>
internal sealed class GatewayMetrics
{
    public const string MeterName = "Gateway.EventsGateway";

    public const string Accepted = "gateway.events.accepted";
    public const string Duplicates = "gateway.events.duplicate";
    public const string Conflicts = "gateway.events.conflict";
    public const string Rejected = "gateway.requests.rejected";
    public const string AcceptDuration = "gateway.accept.duration";
    public const string GroupSize = "gateway.group.size";
    public const string AttemptDuration = "gateway.attempt.duration";
    public const string Settled = "gateway.events.settled";
    public const string Retries = "gateway.retries";
    public const string DeadLetters = "gateway.dead_letters";
    public const string Pending = "gateway.events.pending";
    public const string OldestPending = "gateway.events.oldest_pending.age";
    public const string QueueDepth = "gateway.queue.depth";
    public const string InFlight = "gateway.attempts.in_flight";
    public const string Slots = "gateway.attempts.limit";
    public const string BreakerState = "gateway.breaker.state";
    public const string EngineUp = "gateway.engine.up";

    public GatewayMetrics(IMeterFactory meters) => Meter = meters.Create(MeterName);

    /// <summary>One per host: tests run several in one process.</summary>
    public Meter Meter { get; }
}
