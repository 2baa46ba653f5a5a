using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Routing;
using Gateway.Shared.Time;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// Reports a stalled worker. A worker with slow calls, with isolated events or with half-open probes is not stalled: its
/// attempts complete. Nor is one whose calls are paused while the circuit is open or routing is paused, or while the events of a
/// merchant wait as long as the routing service has asked for.
/// </summary>
internal sealed class ProgressWatchdog(
    AttemptRunner attempts, RoutingCircuits circuits, RoutingPauses pauses, Backlog backlog, IOptions<HealthOptions> options)
{
    private readonly TimeSpan _limit = options.Value.NoProgressFor;

    /// <summary>Attempts wait for the store. A restart does not help; the health check of the store reports it.</summary>
    public bool WaitsForStore => backlog.Latest is { Fault: not null };

    /// <summary>Null while the worker makes progress.</summary>
    public string? Complaint
    {
        get
        {
            // A store that has just recovered needs time for the outcomes that wait for it.
            var still = Shorter(Shorter(attempts.SinceProgress, circuits.SinceBreakEnded), backlog.SinceFault);
            still = Shorter(still, pauses.SinceResumed);
            if (still <= _limit || WaitsForStore) return null;
            if (attempts.InFlight is var held and > 0)
                return $"attempts in flight: {held}, none has ended for {SpanText.Of(still)}: {Help}";
            if (pauses.IsAny || circuits.BlockedScopes.Count > 0) return null;
            return backlog.Latest is { OldestDue: { } due } latest && due > _limit
                ? $"work is due for {SpanText.Of(due)}, {latest.Counts.Pending} events are pending, "
                  + $"and no attempt has ended here for {SpanText.Of(still)}: {Help}"
                : null;
        }
    }

    private const string Help = "a restart takes them up and loses nothing (docs/operations/alerts.md, GatewayWorkerNotReady)";

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
