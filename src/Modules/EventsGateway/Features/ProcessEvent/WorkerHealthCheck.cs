using Gateway.EventsGateway.Routing;
using Gateway.Shared.Time;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// Unhealthy when the worker makes no progress. An open circuit is reported, but as healthy; a pause as degraded.
/// </summary>
internal sealed class WorkerHealthCheck(
    EventsDispatcher dispatcher, AttemptRunner attempts, RoutingCircuits circuits, RoutingPauses pauses,
    ProgressWatchdog watchdog) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (!dispatcher.IsAlive) return HealthCheckResult.Unhealthy("the dispatcher has stopped claiming");
        if (watchdog.Complaint is { } complaint) return HealthCheckResult.Unhealthy(complaint);
        if (watchdog.WaitsForStore)
            return HealthCheckResult.Healthy($"waiting for the store, attempts in flight: {attempts.InFlight}");
        return pauses.Description is { } paused ? HealthCheckResult.Degraded(paused) : HealthCheckResult.Healthy(State());
    }

    private string State()
    {
        if (!circuits.IsClosed)
            return $"paused: the circuit to the routing service has been open for {SpanText.Of(circuits.OpenFor)}";
        if (dispatcher.IsQuiet) return $"isolated events run, others wait; attempts in flight: {attempts.InFlight}";
        var open = circuits.OpenMerchants is > 0 and var merchants ? $", open circuits of merchants: {merchants}" : "";
        return $"attempts in flight: {attempts.InFlight}{open}";
    }
}
