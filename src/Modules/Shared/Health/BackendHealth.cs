using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Shared.Health;

/// <summary>The health checks of backends, named after the backend.</summary>
public static class BackendHealth
{
    private const string Tag = "backend";

    /// <summary>Whether a check concerns a backend; the other checks concern the gateway's own work.</summary>
    public static bool IsBackend(this HealthReportEntry check) => check.Tags.Contains(Tag);

    /// <param name="services">The services of the host.</param>
    /// <param name="backend">The backend; also the name of the check.</param>
    /// <param name="check">Creates the check.</param>
    /// <param name="failureStatus">Degraded for a backend that no guarantee depends on.</param>
    public static void AddBackendCheck(
        this IServiceCollection services, string backend, Func<IServiceProvider, PortHealthCheck> check,
        HealthStatus failureStatus = HealthStatus.Unhealthy)
    {
        services.AddKeyedSingleton(backend, (provider, _) => check(provider));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            backend, provider => provider.GetRequiredKeyedService<PortHealthCheck>(backend), failureStatus, [Tag]));
    }
}
