using Gateway.EventsGateway.Routing;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>Is there progress? An open breaker is none of the worker's illnesses, but worth saying.</summary>
internal sealed class WorkerHealthCheck(
    EventsDispatcher dispatcher, AttemptRunner attempts, RoutingBreaker breaker, IOptions<ProcessingOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(Check());

    private HealthCheckResult Check()
    {
        if (!dispatcher.IsTurning) return HealthCheckResult.Unhealthy("the dispatcher has stopped claiming");
        if (attempts.WithoutProgress > 2 * options.Value.AttemptTimeout)
            return HealthCheckResult.Unhealthy($"{attempts.InFlight} attempts in flight, none has ended for {attempts.WithoutProgress}");
        return HealthCheckResult.Healthy(
            breaker.IsClosed ? $"{attempts.InFlight} attempts in flight" : "resting: the routing service is not well");
    }
}
