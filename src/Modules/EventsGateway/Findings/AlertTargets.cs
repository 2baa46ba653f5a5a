using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Gateway.EventsGateway.Monitoring;

namespace Gateway.EventsGateway.Findings;

/// <summary>How far the targets of alerts are behind, for the status and the metrics.</summary>
internal sealed class AlertTargets
{
    private readonly ConcurrentDictionary<string, TargetFigure> _all = new();

    public AlertTargets(GatewayMetrics metrics) => metrics.Meter.CreateObservableGauge(
        GatewayMetrics.AlertsWaiting,
        () => _all.Values.Select(one => new Measurement<long>(
            one.FailingSince is null ? 0 : one.Waiting, new KeyValuePair<string, object?>("target", one.Name))),
        "{message}", "Alert messages that a target does not take");

    public IReadOnlyList<TargetFigure> All => [.. _all.Values];

    public void Set(TargetFigure target) => _all[target.Name] = target;
}
