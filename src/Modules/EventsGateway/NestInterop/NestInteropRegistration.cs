using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Queue.RabbitMq;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Mongo;
using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.NestInterop;

/// <summary>
/// All that runs beside the NestJS original. When the original goes, this folder goes, and the calls of this class with it.
/// </summary>
internal static class NestInteropRegistration
{
    /// <summary>After the queue and the store.</summary>
    public static void AddNestInterop(this IServiceCollection services)
    {
        services.Decorate<IEventRepository>((events, provider) =>
        {
            var mongo = provider.GetRequiredService<MongoConnection>();
            return new AdoptingEventRepository(events, mongo, mongo.Clock, always: OptionsOf(provider).NestQueue.Length > 0);
        });
        services.Decorate<IEventQueries>(
            (events, provider) => new LegacyEventQueries(events, provider.GetRequiredService<MongoConnection>()));
        // Without our deduplication: its workers have their own.
        services.Decorate<IEventQueue>((queue, provider) => OptionsOf(provider).PublishFormat == PublishFormat.Nest
            ? new NestEventQueue(
                provider.GetRequiredKeyedService<RabbitMqConnection>(RabbitMqConnection.Publish),
                provider.GetRequiredService<EventTopology>(),
                provider.GetRequiredService<IOptions<RabbitMqOptions>>(), provider.GetRequiredService<TimeProvider>())
            : queue);
        services.AddSingleton<IAdditionalQueue>(provider => new NestQueue(
            OptionsOf(provider), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<NestQueue>>()));
    }

    private static RabbitMqOptions OptionsOf(IServiceProvider provider)
        => provider.GetRequiredService<IOptions<RabbitMqOptions>>().Value;
}
