using System.Diagnostics.Metrics;
using Gateway.Shared.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>
/// What is read at the moment that somebody asks. Every process has all of them, so that a missing name is always a mistake; a
/// source that it does not have is silent.
/// </summary>
internal sealed class GatewayGauges
{
    private readonly Readiness _readiness;

    public GatewayGauges(GatewayMetrics metrics, Backlog backlog, Readiness readiness, LagHealthCheck lag)
    {
        _readiness = readiness;
        var meter = metrics.Meter;
        Gauge(GatewayMetrics.Pending, "{event}", "Events that wait or are in work", () => backlog.Latest?.Counts.Pending);
        Gauge(GatewayMetrics.OldestPending, "s", "Age of the oldest of them", () => backlog.Latest is { } latest ? Age(latest) : null);
        Gauge(GatewayMetrics.QueueDepth, "{message}", "Messages that wait to get into the store", () => backlog.Latest?.Queued);
        Gauge(GatewayMetrics.InFlight, "{attempt}", "Attempts that this process has in work", () => InFlight?.Invoke());
        Gauge(GatewayMetrics.Slots, "{attempt}", "Attempts that it can have in work", () => Slots?.Invoke());
        Gauge(GatewayMetrics.CircuitState, "1", "0 closed, 1 open", () => One(!IsBreakerClosed?.Invoke()));
        Gauge(GatewayMetrics.Ready, "1", "1 ready, 0 not", () => readiness.Latest is { } latest ? One(readiness.IsReady(latest)) : null);
        Gauge(GatewayMetrics.LagExceeded, "1", "1 while the oldest pending event is older than the lag budget", () => One(lag.IsExceeded));
        meter.CreateObservableGauge(GatewayMetrics.BackendUp, BackendsUp, "1", "1 while the engine answers");

        void Gauge(string name, string unit, string description, Func<double?> value)
            => meter.CreateObservableGauge(name, () => value() is { } now ? new[] { new Measurement<double>(now) } : [], unit, description);
    }

    public Func<int>? InFlight { get; set; }

    public Func<int>? Slots { get; set; }

    public Func<bool>? IsBreakerClosed { get; set; }

    private static double Age(BacklogSnapshot latest) => latest.Counts.OldestPending?.TotalSeconds ?? 0;

    private static double? One(bool? isIt) => isIt is null ? null : isIt.Value ? 1 : 0;

    private IEnumerable<Measurement<double>> BackendsUp()
        => _readiness.Latest?.Entries.Where(check => check.Value.IsBackend()).Select(check => new Measurement<double>(
            check.Value.Status == HealthStatus.Healthy ? 1 : 0, new KeyValuePair<string, object?>("backend", check.Key))) ?? [];
}
