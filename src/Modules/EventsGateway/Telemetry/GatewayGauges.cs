using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.EventsGateway.Telemetry;

/// <summary>
/// What is read at the moment that somebody asks. Every process has all of them, so that a missing name is always a mistake; a
/// source that it does not have is silent.
/// </summary>
internal sealed class GatewayGauges
{
    public GatewayGauges(GatewayMetrics metrics, Backlog backlog)
    {
        var meter = metrics.Meter;
        Gauge(GatewayMetrics.Pending, "{event}", "Events that wait or are in work", () => backlog.Latest?.Counts.Pending);
        Gauge(GatewayMetrics.OldestPending, "s", "Age of the oldest of them", () => backlog.Latest is { } latest ? Age(latest) : null);
        Gauge(GatewayMetrics.QueueDepth, "{message}", "Messages that wait to get into the store", () => backlog.Latest?.Queued);
        Gauge(GatewayMetrics.InFlight, "{attempt}", "Attempts that this process has in work", () => InFlight?.Invoke());
        Gauge(GatewayMetrics.Slots, "{attempt}", "Attempts that it can have in work", () => Slots?.Invoke());
        Gauge(GatewayMetrics.BreakerState, "1", "0 closed, 1 open", () => IsBreakerClosed is { } isClosed ? isClosed() ? 0 : 1 : null);
        Gauge(GatewayMetrics.Ready, "1", "1 ready, 0 not", () => Health?.Invoke() is { } health ? health.Status == HealthStatus.Unhealthy ? 0 : 1 : null);
        Gauge(GatewayMetrics.LagExceeded, "1", "1 while the oldest pending event is older than the lag budget", () => IsLagExceeded?.Invoke() is { } isIt ? isIt ? 1 : 0 : null);
        meter.CreateObservableGauge(GatewayMetrics.EngineUp, EnginesUp, "1", "1 while the engine answers");

        void Gauge(string name, string unit, string description, Func<double?> value)
            => meter.CreateObservableGauge(name, () => value() is { } now ? new[] { new Measurement<double>(now) } : [], unit, description);
    }

    public Func<int>? InFlight { get; set; }

    public Func<int>? Slots { get; set; }

    public Func<bool>? IsBreakerClosed { get; set; }

    public Func<HealthReport?>? Health { get; set; }

    public Func<bool?>? IsLagExceeded { get; set; }

    private static double Age(BacklogSnapshot latest) => latest.Counts.OldestPending?.TotalSeconds ?? 0;

    private IEnumerable<Measurement<double>> EnginesUp()
    {
        foreach (var (name, check) in Health?.Invoke()?.Entries ?? new Dictionary<string, HealthReportEntry>())
        {
            if (name is "sqlite" or "rabbitmq" or "redis" or "mongodb")
                yield return new Measurement<double>(check.Status == HealthStatus.Unhealthy ? 0 : 1, new KeyValuePair<string, object?>("engine", name));
        }
    }
}
