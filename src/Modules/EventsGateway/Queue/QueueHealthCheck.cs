using Gateway.Shared.Errors;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.EventsGateway.Queue;

internal sealed class QueueHealthCheck(IEventQueue queue) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await queue.ProbeAsync().WaitAsync(TimeSpan.FromSeconds(5), cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception fault) when (fault is EngineFaultException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy(fault.Message);
        }
    }
}
