using Gateway.Shared.Errors;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.EventsGateway.Repositories;

internal sealed class StoreHealthCheck(IEventQueries events) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var counts = await events.CountAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(5), cancellationToken);
            return HealthCheckResult.Healthy($"{counts.Pending} pending");
        }
        catch (Exception fault) when (fault is EngineFaultException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy(fault.Message);
        }
    }
}
