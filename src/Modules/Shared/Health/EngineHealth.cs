using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Shared.Health;

/// <summary>The checks that ask an engine, named after it.</summary>
public static class EngineHealth
{
    private const string Tag = "engine";

    /// <summary>Whether a check of a report is one of these: the others are about our own work.</summary>
    public static bool IsEngine(this HealthReportEntry check) => check.Tags.Contains(Tag);

    /// <param name="services">Of the host.</param>
    /// <param name="engine">Also the name of the check.</param>
    /// <param name="check">Asks it.</param>
    /// <param name="away">Unhealthy where something that is promised needs it.</param>
    public static void AddEngineCheck(
        this IServiceCollection services, string engine, Func<IServiceProvider, PortHealthCheck> check, HealthStatus away = HealthStatus.Unhealthy)
    {
        services.AddKeyedSingleton(engine, (provider, _) => check(provider));
        services.AddHealthChecks().Add(new HealthCheckRegistration(
            engine, provider => provider.GetRequiredKeyedService<PortHealthCheck>(engine), away, [Tag]));
    }
}
