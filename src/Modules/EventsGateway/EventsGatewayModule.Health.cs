using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.EventsGateway.Features.StoreQueuedEvents;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared;
using Gateway.Shared.Health;
using Gateway.Shared.Idempotency;
using Gateway.Shared.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway;

/// <summary>What readiness is made of: one check for each engine that this process uses, and one for each kind of work that it does.</summary>
public static partial class EventsGatewayModule
{
    private static void AddHealth(this IServiceCollection services, GatewayOptions gateway, IConfiguration configuration)
    {
        services.AddValidatedOptions<HealthOptions>(HealthOptions.Section);
        services.AddSingleton<IValidateOptions<HealthOptions>, NoProgressRule>();
        services.AddSingleton<ProgressWatchdog>().AddSingleton<LagHealthCheck>();
        if (gateway.Profile == GatewayProfile.Embedded) services.AddEmbeddedChecks();
        else services.AddDistributedChecks(gateway);
        if (gateway.HasWorker) services.AddHealthChecks().AddCheck<WorkerHealthCheck>("worker");
        if (!gateway.HasWorker && !NamesAStore(configuration)) return;
        services.AddHostedService<BacklogMonitor>();
        services.AddHealthChecks().Add(new HealthCheckRegistration("lag", provider => provider.GetRequiredService<LagHealthCheck>(), null, null));
    }

    private static void AddEmbeddedChecks(this IServiceCollection services)
        => services.AddBackendCheck("sqlite", provider => Check(
            provider, Port<IEventRepository>(provider).ProbeAsync, "takes events", "the door answers 503 and nothing is processed"));

    private static void AddDistributedChecks(this IServiceCollection services, GatewayOptions gateway)
    {
        services.AddBackendCheck("rabbitmq", provider => Check(
            provider, Port<IEventQueue>(provider).ProbeAsync, "takes events", "the door answers 503"));
        services.AddBackendCheck(
            "redis", provider => Check(
                provider, Port<IIdempotencyService>(provider).ProbeAsync, "remembers what was seen",
                "repeats go as far as the store, nothing that is promised depends on it"),
            HealthStatus.Degraded);
        if (!gateway.HasWorker) return;
        services.AddBackendCheck("mongodb", provider => Check(
            provider, Port<IEventRepository>(provider).ProbeAsync, "stores events", "the queue keeps what comes and nothing is processed"));
        services.AddHealthChecks().AddCheck<QueueReaderHealthCheck>("queue-reader");
    }

    private static T Port<T>(IServiceProvider provider) where T : notnull => provider.GetRequiredService<T>();

    private static PortHealthCheck Check(IServiceProvider provider, Func<Task> probe, string serves, string otherwise)
        => new(probe, serves, otherwise, Port<TimeProvider>(provider));
}
