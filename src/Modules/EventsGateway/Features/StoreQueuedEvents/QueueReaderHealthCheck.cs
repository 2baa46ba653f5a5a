using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.EventsGateway.Features.StoreQueuedEvents;

/// <summary>Do events get from the queue into the store?</summary>
internal sealed class QueueReaderHealthCheck(EventsQueueProcessor intake) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(intake.Fault is { } fault ? HealthCheckResult.Unhealthy(fault) : HealthCheckResult.Healthy("moves events into the store"));
}
