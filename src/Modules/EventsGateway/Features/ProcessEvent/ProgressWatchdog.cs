using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Routing;
using Gateway.Shared.Time;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// Notices a worker that stands still. One with a full set of slow calls, one that runs events alone and one that probes
/// a sick service are slow, not stuck: their attempts end. Nor is one that rests while the breaker is open.
/// </summary>
internal sealed class ProgressWatchdog(AttemptRunner attempts, RoutingCircuitBreaker breaker, Backlog backlog, IOptions<HealthOptions> options)
{
    private readonly TimeSpan _limit = options.Value.NoProgressFor;

    /// <summary>The store does not answer: attempts wait for it, which no restart would end. Its own check tells it.</summary>
    public bool WaitsForStore => backlog.Latest is { Fault: not null };

    /// <summary>What is wrong, with numbers; null when all is well.</summary>
    public string? Complaint
    {
        get
        {
            // A store that has only just come back has not had the time to take what waits for it.
            var still = Shorter(Shorter(attempts.SinceProgress, breaker.SinceBreakEnded), backlog.SinceFault);
            if (still <= _limit || WaitsForStore) return null;
            if (attempts.InFlight is var held and > 0)
                return $"attempts in flight: {held}, none has ended for {SpanText.Of(still)}: {Help}";
            return backlog.Latest is { OldestDue: { } due } latest && due > _limit
                ? $"work is due for {SpanText.Of(due)}, {latest.Counts.Pending} events are pending, and no attempt has ended here for "
                  + $"{SpanText.Of(still)}: {Help}"
                : null;
        }
    }

    private const string Help = "a restart takes them up and loses nothing (docs/operations/alerts.md, GatewayWorkerNotReady)";

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
