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
/// Registers what is needed while the NestJS original still runs. After the cut-over this folder and the calls of this class are
/// deleted.
/// </summary>
internal static class NestInteropRegistration
{
    /// <summary>Must be called after the queue and the store are registered, because it decorates them.</summary>
    public static void AddNestInterop(this IServiceCollection services)
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
        services.AddSingleton<IAdditionalQueue>(provider => new NestQueue(
            OptionsOf(provider), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<NestQueue>>()));
    }

    private static RabbitMqOptions OptionsOf(IServiceProvider provider)
        => provider.GetRequiredService<IOptions<RabbitMqOptions>>().Value;
}
