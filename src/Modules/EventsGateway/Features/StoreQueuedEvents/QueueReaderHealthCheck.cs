using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.EventsGateway.Features.StoreQueuedEvents;

/// <summary>Unhealthy while no events move from the queue into the store.</summary>
internal sealed class QueueReaderHealthCheck(EventsQueueProcessor processor) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
        => Task.FromResult(processor.Fault is { } fault
            ? HealthCheckResult.Unhealthy(fault)
            : HealthCheckResult.Healthy("moves events into the store"));
}
