using System.Diagnostics.Metrics;
using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.Shared.Health;
using Gateway.Shared.Operator;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Gateway.EventsGateway.Monitoring;

/// <param name="InFlight">Attempts that this process runs.</param>
/// <param name="Slots">Attempts that it can run at the same time.</param>
/// <param name="IsCircuitClosed">The circuit of all calls to the routing service.</param>
/// <param name="OpenMerchants">Merchants whose own circuit is open.</param>
internal sealed record WorkerGauges(Func<int> InFlight, Func<int> Slots, Func<bool> IsCircuitClosed, Func<int> OpenMerchants);

/// <param name="Source">Its name.</param>
/// <param name="FailuresInARow">Failures since the last success.</param>
/// <param name="Silence">Since the last request, or since the start; null where no silence is unusual.</param>
/// <param name="SilenceLimit">A longer silence is unusual.</param>
internal sealed record SourceGauges(string Source, long FailuresInARow, TimeSpan? Silence, TimeSpan? SilenceLimit);

/// <summary>
/// Instruments that are read on demand. Every process has all of them, so a missing name is always an error; a gauge without a
/// source in this process reports nothing.
/// </summary>
/// <remarks>A hosted service, so that the first scrape finds every instrument.</remarks>
internal sealed class GatewayGauges : IHostedService
{
    private readonly GatewayMetrics _metrics;
    private readonly Readiness _readiness;

    public GatewayGauges(
        GatewayMetrics metrics, Backlog backlog, Readiness readiness, LagHealthCheck lag, ProcessHeartbeat heartbeat,
        KeyGuard keys, WorkerGauges? worker = null, Func<IEnumerable<SourceGauges>>? sources = null)
    {
        (_metrics, _readiness) = (metrics, readiness);
        Gauge(GatewayMetrics.Pending, "{event}", "Events that are pending", () => backlog.Latest?.Counts.Pending);
        Gauge(GatewayMetrics.OldestPending, "s", "Age of the oldest pending event", () => AgeOf(backlog.Latest));
        Gauge(GatewayMetrics.QueueDepth, "{message}", "Messages that wait in the queue", () => backlog.Latest?.Queued);
        Gauge(GatewayMetrics.InFlight, "{attempt}", "Attempts that this process runs", () => worker?.InFlight());
        Gauge(GatewayMetrics.Slots, "{attempt}", "Attempts that this process can run at once", () => worker?.Slots());
        Gauge(GatewayMetrics.CircuitState, "1", "0 closed, 1 open", () => One(!worker?.IsCircuitClosed()));
        Gauge(GatewayMetrics.OpenMerchants, "{merchant}", "Merchants whose circuit is open", () => worker?.OpenMerchants());
        Gauge(GatewayMetrics.Ready, "1", "1 ready, 0 not", () => IsReady(readiness));
        Gauge(GatewayMetrics.LagExceeded, "1", "1 while the lag budget is exceeded", () => One(lag.IsExceeded));
        metrics.Meter.CreateObservableGauge(GatewayMetrics.BackendUp, BackendsUp, "1", "1 while the backend answers");
        metrics.Meter.CreateObservableGauge(
            GatewayMetrics.Processes, () => ProcessesOf(heartbeat.Latest), "{process}", "Processes of the gateway");
        metrics.Meter.CreateObservableCounter(
            GatewayMetrics.RejectedKeys, () => RejectedKeys(keys), "{key}", "Operator keys that were not accepted");
        OfSources(GatewayMetrics.SourceFailures, "{request}", "Failures since the last success", one => one.FailuresInARow);
        OfSources(GatewayMetrics.SourceSilence, "s", "Since the last request of the source", one => one.Silence?.TotalSeconds);
        OfSources(
            GatewayMetrics.SourceSilenceLimit, "s", "A silence that is unusual for it", one => one.SilenceLimit?.TotalSeconds);

        void Gauge(string name, string unit, string description, Func<double?> value) => metrics.Meter.CreateObservableGauge(
            name, () => value() is { } now ? new[] { new Measurement<double>(now) } : [], unit, description);

        void OfSources(string name, string unit, string description, Func<SourceGauges, double?> value)
            => metrics.Meter.CreateObservableGauge(
                name, () => from one in sources?.Invoke() ?? []
                            where value(one) is not null
                            select new Measurement<double>(
                                value(one)!.Value, new KeyValuePair<string, object?>("source", one.Source)),
                unit, description);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _metrics.BeginAtZero();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static IEnumerable<Measurement<double>> ProcessesOf(ProcessList list)
        => from process in list.Items
           group process by (process.Role, process.State) into same
           select new Measurement<double>(
               same.Count(), new KeyValuePair<string, object?>("role", same.Key.Role),
               new KeyValuePair<string, object?>("state", same.Key.State));

    private static IEnumerable<Measurement<long>> RejectedKeys(KeyGuard keys) =>
    [
        new Measurement<long>(keys.WrongKeys, new KeyValuePair<string, object?>("reason", "wrong")),
        new Measurement<long>(keys.RejectedKeys, new KeyValuePair<string, object?>("reason", "not_compared")),
    ];

    private static double? AgeOf(BacklogSnapshot? latest)
        => latest is null ? null : latest.Counts.OldestPending?.TotalSeconds ?? 0;

    private static double? IsReady(Readiness readiness)
        => readiness.Latest is { } latest ? One(readiness.IsReady(latest)) : null;

    private static double? One(bool? isIt) => isIt is null ? null : isIt.Value ? 1 : 0;

    private IEnumerable<Measurement<double>> BackendsUp()
        => _readiness.Latest?.Entries.Where(check => check.Value.IsBackend()).Select(check => new Measurement<double>(
            check.Value.Status == HealthStatus.Healthy ? 1 : 0, new KeyValuePair<string, object?>("backend", check.Key))) ?? [];
}
