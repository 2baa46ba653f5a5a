using Gateway.EventsGateway.Features.IntakeEvents;
using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Waiting;
using Gateway.Shared;
using Gateway.Shared.Health;
using Gateway.Shared.Idempotency;
using Gateway.Shared.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Parts;

/// <summary>What readiness is made of: one check for each engine that this process uses, and one for each kind of work that it does.</summary>
internal static class HealthParts
{
    public static void AddHealth(this IServiceCollection services, GatewayOptions gateway, IConfiguration configuration)
    {
        services.AddValidatedOptions<HealthOptions>(HealthOptions.Section);
        services.AddSingleton<IValidateOptions<HealthOptions>, NoProgressRule>();
        services.AddSingleton<ProgressWatchdog>().AddSingleton<Lag>();
        if (gateway.Profile == GatewayProfile.Embedded) services.AddEmbeddedChecks();
        else services.AddDistributedChecks(gateway);
        if (gateway.HasWorker) services.AddHealthChecks().AddCheck<WorkerHealthCheck>("worker");
        if (!gateway.HasWorker && !DistributedProfile.NamesAStore(configuration)) return;
        services.AddHostedService<BacklogReader>();
        services.AddHealthChecks().Add(new HealthCheckRegistration("lag", provider => provider.GetRequiredService<Lag>(), null, null));
    }

    private static void AddEmbeddedChecks(this IServiceCollection services)
        => services.AddEngineCheck("sqlite", provider => Check(
            provider, Port<IEventRepository>(provider).ProbeAsync, "takes events", "the door answers 503 and nothing is processed"));

    private static void AddDistributedChecks(this IServiceCollection services, GatewayOptions gateway)
    {
        services.AddEngineCheck("rabbitmq", provider => Check(
            provider, Port<IEventQueue>(provider).ProbeAsync, "takes events", "the door answers 503"));
        services.AddEngineCheck(
            "redis", provider => Check(
                provider, Port<IIdempotencyService>(provider).ProbeAsync, "remembers what was seen",
                "repeats go as far as the store, nothing that is promised depends on it"),
            HealthStatus.Degraded);
        if (!gateway.HasWorker) return;
        services.AddEngineCheck("mongodb", provider => Check(
            provider, Port<IEventRepository>(provider).ProbeAsync, "stores events", "the queue keeps what comes and nothing is processed"));
        services.AddHealthChecks().AddCheck<IntakeHealthCheck>("intake");
    }

    private static T Port<T>(IServiceProvider provider) where T : notnull => provider.GetRequiredService<T>();

    private static PortHealthCheck Check(IServiceProvider provider, Func<Task> probe, string serves, string otherwise)
        => new(probe, serves, otherwise, Port<TimeProvider>(provider));
}
