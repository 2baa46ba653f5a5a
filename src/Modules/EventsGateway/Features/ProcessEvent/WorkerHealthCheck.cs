using Gateway.EventsGateway.Routing;
using Gateway.Shared.Time;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>Is there progress? An open breaker is none of the worker's illnesses, but worth saying.</summary>
internal sealed class WorkerHealthCheck(
    EventsDispatcher dispatcher, AttemptRunner attempts, RoutingCircuitBreaker breaker, ProgressWatchdog watchdog) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (!dispatcher.IsAlive) return HealthCheckResult.Unhealthy("the dispatcher has stopped claiming");
        if (watchdog.Complaint is { } complaint) return HealthCheckResult.Unhealthy(complaint);
        if (watchdog.WaitsForStore) return HealthCheckResult.Healthy($"waits for the store, attempts in flight: {attempts.InFlight}");
        return HealthCheckResult.Healthy(
            breaker.IsClosed
                ? $"attempts in flight: {attempts.InFlight}"
                : $"resting: the routing service is not well, for {SpanText.Of(breaker.NotClosedFor)} by now");
    }
}
