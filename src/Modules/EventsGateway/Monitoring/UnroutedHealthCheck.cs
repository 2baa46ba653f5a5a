using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>
/// Degraded while too many of the events that this process settled within the last hour were not offered to the routing service,
/// because their shipment had ended: outcome <c>late</c> or <c>shipment-ended</c>. A courier that reuses numbers, or sends wrong
/// times, looks like this.
/// </summary>
internal sealed class UnroutedHealthCheck(LiveMetrics metrics, IOptions<HealthOptions> options, TimeProvider time) : IHealthCheck
{
    private const int MinSettled = 50;
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    private readonly Queue<(long At, LiveOutcomes Counts)> _minutes = new();
    private readonly Lock _sampling = new();

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var (settled, unrouted) = SinceWindow();
        var share = settled < MinSettled ? 0 : (double)unrouted / settled;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"{unrouted} of {settled} events of the last hour were not routed, late or shipment-ended");
        return Task.FromResult(share > options.Value.UnroutedShare
            ? HealthCheckResult.Degraded($"{text}: their shipments had ended (docs/operations/alerts.md, GatewayEventsUnrouted)")
            : HealthCheckResult.Healthy(text));
    }

    private LiveOutcomes SinceWindow()
    {
        lock (_sampling)
        {
            var now = metrics.Outcomes;
            if (_minutes.Count == 0 || time.GetElapsedTime(_minutes.Last().At) >= Step)
                _minutes.Enqueue((time.GetTimestamp(), _minutes.Count == 0 ? default : now));
            while (_minutes.Count > 1 && time.GetElapsedTime(_minutes.Peek().At) > Window) _minutes.Dequeue();
            var before = _minutes.Peek().Counts;
            return new LiveOutcomes(now.Settled - before.Settled, now.Unrouted - before.Unrouted);
        }
    }
}
