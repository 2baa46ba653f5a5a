using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.EventsGateway.NestInterop.Return;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Queue.RabbitMq;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared;
using Gateway.Shared.Health;
using Gateway.Shared.Mongo;
using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.NestInterop;

/// <summary>
/// Registers what is needed while the NestJS original still runs. After the cut-over this folder and the calls of this class are
/// deleted.
/// </summary>
internal static class NestInteropRegistration
{
    private const string NestQueueKey = $"{RabbitMqOptions.Section}:{nameof(RabbitMqOptions.NestQueue)}";

    /// <summary>Must be called after the queue and the store are registered, because it decorates them.</summary>
    public static void AddNestInterop(
        this IServiceCollection services, GatewayOptions gateway, IConfiguration configuration)
    {
        services.Decorate<IEventRepository>((events, provider) =>
        {
            var mongo = provider.GetRequiredService<MongoConnection>();
            return new AdoptingEventRepository(events, mongo, mongo.Clock, always: OptionsOf(provider).NestQueue.Length > 0);
        });
        services.Decorate<IEventQueries>(
            (events, provider) => new LegacyEventQueries(events, provider.GetRequiredService<MongoConnection>()));
        // Replaces the deduplication filter too: the workers of the original have their own.
        services.Decorate<IEventQueue>((queue, provider) => OptionsOf(provider).PublishFormat == PublishFormat.Nest
            ? new NestEventQueue(
                provider.GetRequiredKeyedService<RabbitMqConnection>(RabbitMqConnection.Publish),
                provider.GetRequiredService<EventTopology>(),
                provider.GetRequiredService<IOptions<RabbitMqOptions>>(), provider.GetRequiredService<TimeProvider>())
            : queue);
        services.AddSingleton(provider => new NestQueue(
            OptionsOf(provider), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<NestQueue>>()));
        services.AddSingleton<IAdditionalQueue>(provider => provider.GetRequiredService<NestQueue>());
        services.AddSingleton<OriginalIndexes>().AddSingleton<ReturnCheck>();
        if (!gateway.HasWorker || configuration[NestQueueKey] is not { Length: > 0 } name) return;
        services.AddSingleton(provider => new OriginalConsumers(
            provider.GetRequiredKeyedService<RabbitMqConnection>(RabbitMqConnection.Consume),
            provider.GetRequiredService<NestQueue>(), name, provider.GetRequiredService<OtherProcesses>(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<OriginalConsumers>>()));
        services.AddBackendCheck(
            "nest-queue", provider => new PortHealthCheck(
                provider.GetRequiredService<OriginalConsumers>().ProbeAsync, () => "read by workers of the gateway alone",
                "what it takes is neither routed nor retried here; stop it", provider.GetRequiredService<TimeProvider>()),
            HealthStatus.Degraded);
    }

    private static RabbitMqOptions OptionsOf(IServiceProvider provider)
        => provider.GetRequiredService<IOptions<RabbitMqOptions>>().Value;
}
