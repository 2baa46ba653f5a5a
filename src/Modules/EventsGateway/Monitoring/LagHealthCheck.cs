using Gateway.EventsGateway.Routing;
using Gateway.Shared.Time;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>
/// Degraded while the oldest pending event exceeds the lag budget, unless routing is paused. Lag never makes the process
/// unhealthy: ingest still works, and a load balancer that stops sending requests would only delay the events.
/// </summary>
internal sealed class LagHealthCheck(Backlog backlog, RoutingPauses pauses, IOptions<HealthOptions> options) : IHealthCheck
{
    // The backlog is read at intervals, so a shorter time without a read means nothing.
    private static readonly TimeSpan MinUnknown = TimeSpan.FromMinutes(1);

    private readonly TimeSpan _budget = options.Value.LagBudget;

    /// <summary>Null until the backlog was read.</summary>
    public bool? IsExceeded => backlog.Latest is { } latest ? !pauses.IsAny && latest.Counts.OldestPending > _budget : null;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(backlog.Latest switch
        {
            { Counts: var counts } when pauses.IsAny => HealthCheckResult.Healthy(
                $"routing is paused, {counts.Pending} events are pending"),
            { Counts.OldestPending: { } age } late when age > _budget => HealthCheckResult.Degraded(
                $"the oldest of {late.Counts.Pending} pending events waits for {SpanText.Of(age)}, "
                + $"the budget is {SpanText.Of(_budget)}: check whether the worker is stalled, the circuit open or "
                + "the load too high (docs/operations/alerts.md, GatewayLag)"),
            var known when backlog.SinceLastRead is var unknown && unknown > _budget && unknown > MinUnknown
                => HealthCheckResult.Degraded(
                $"not known for {SpanText.Of(unknown)}: {known?.Fault ?? "the backlog was never read"}"),
            null => HealthCheckResult.Healthy("not known yet"),
            { Counts.OldestPending: { } age } latest => HealthCheckResult.Healthy(
                $"the oldest of {latest.Counts.Pending} pending events waits for {SpanText.Of(age)}"),
            _ => HealthCheckResult.Healthy("no event is pending"),
        });
}
