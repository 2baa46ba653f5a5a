using Gateway.Shared.Errors;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Shared;

/// <summary>Does the engine behind a port answer? The probe's text is shown; its fault is the reason.</summary>
public sealed class PortHealthCheck(Func<CancellationToken, Task<string>> probe) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            return HealthCheckResult.Healthy(await probe(cancellationToken).WaitAsync(Patience, cancellationToken));
        }
        catch (Exception fault) when (fault is EngineFaultException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy(fault.Message);
        }
    }
}
