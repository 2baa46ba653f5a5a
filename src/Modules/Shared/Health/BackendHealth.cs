using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Shared.Health;

/// <summary>The checks that ask an engine, named after it.</summary>
public static class BackendHealth
{
    private const string Tag = "backend";

    /// <summary>Whether a check of a report is one of these: the others are about our own work.</summary>
    public static bool IsBackend(this HealthReportEntry check) => check.Tags.Contains(Tag);

    /// <param name="services">Of the host.</param>
    /// <param name="backend">Also the name of the check.</param>
    /// <param name="check">Asks it.</param>
    /// <param name="away">Unhealthy where something that is promised needs it.</param>
    public static void AddBackendCheck(
        this IServiceCollection services, string backend, Func<IServiceProvider, PortHealthCheck> check, HealthStatus away = HealthStatus.Unhealthy)
    {
        services.AddKeyedSingleton(backend, (provider, _) => check(provider));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            backend, provider => provider.GetRequiredKeyedService<PortHealthCheck>(backend), away, [Tag]));
    }
}
