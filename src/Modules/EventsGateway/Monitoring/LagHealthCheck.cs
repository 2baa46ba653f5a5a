using Gateway.Shared.Time;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>
/// Do events get through in the time that they may take? Late is degraded, not ill: whoever is sent away from a gateway
/// that is behind only comes later.
/// </summary>
internal sealed class LagHealthCheck(Backlog backlog, IOptions<HealthOptions> options) : IHealthCheck
{
    // However short the budget: the backlog is asked for at intervals.
    private static readonly TimeSpan ShortestUnknown = TimeSpan.FromMinutes(1);

    private readonly TimeSpan _budget = options.Value.LagBudget;

    /// <summary>Null while it is not known.</summary>
    public bool? IsExceeded => backlog.Latest is { } latest ? latest.Counts.OldestPending > _budget : null;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(backlog.Latest switch
        {
            { Counts.OldestPending: { } age } late when age > _budget => HealthCheckResult.Degraded(
                $"the oldest of {late.Counts.Pending} pending events waits for {SpanText.Of(age)}, the budget is {SpanText.Of(_budget)}: "
                + "see whether the worker is stuck, the breaker open or the load too high (docs/operations/alerts.md, GatewayLag)"),
            var known when backlog.SinceLastRead is var unknown && unknown > _budget && unknown > ShortestUnknown => HealthCheckResult.Degraded(
                $"not known for {SpanText.Of(unknown)}: {known?.Fault ?? "the store has not told yet"}"),
            null => HealthCheckResult.Healthy("not known yet"),
            { Counts.OldestPending: { } age } latest => HealthCheckResult.Healthy(
                $"the oldest of {latest.Counts.Pending} pending events waits for {SpanText.Of(age)}"),
            _ => HealthCheckResult.Healthy("nothing waits"),
        });
}
