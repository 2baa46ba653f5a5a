using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.EventsGateway.NestInterop;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Queue.RabbitMq;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Repositories.Mongo;
using Gateway.Shared;
using Gateway.Shared.Mongo;
using Gateway.Shared.Options;
using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway;

/// <summary>The adapters of the profile Distributed: RabbitMQ, Redis and MongoDB. Each connects on first use.</summary>
public static partial class EventsGatewayModule
{
    private static void AddDistributedProfile(
        this IServiceCollection services, GatewayOptions gateway, IConfiguration configuration)
    {
        // A publish that hangs must end by its own deadline, because the publisher knows which channel to abandon.
        services.AddOptions<RabbitMqOptions>().Validate<IOptions<WebhookOptions>>(
            (rabbitMq, webhook) => rabbitMq.PublishDeadline < webhook.Value.Deadline,
            $"{RabbitMqOptions.Section}:PublishDeadline: must be shorter than {WebhookOptions.Section}:Deadline");
        services.AddQueue();
        services.AddStore();
        if (gateway.HasWorker || NamesAStore(configuration))
            services.AddSingleton<IHistoryRepository, HistoryRepositoryMongo>();
        else services.AddSingleton(new MissingStore(NoStore));
        services.AddIdempotency();
        services.AddNestInterop(gateway, configuration);
    }

    private const string NoStore
        = "this ingest process has no store; ask one with the role Worker or All, or set Gateway:Mongo:Uri";

    /// <summary>
    /// An ingest process needs no store. If it has the address of one, its operator API serves the events there.
    /// </summary>
    private static bool NamesAStore(IConfiguration configuration)
        => ValidatedOptions.IsSet(configuration, $"{MongoOptions.Section}:{nameof(MongoOptions.UriFile)}")
           || (configuration[$"{MongoOptions.Section}:{nameof(MongoOptions.Uri)}"] is { } uri && uri != new MongoOptions().Uri);

    private static void AddQueue(this IServiceCollection services)
    {
        services.AddConnection(RabbitMqConnection.Publish);
        services.AddConnection(RabbitMqConnection.Consume);
        services.AddSingleton<EventTopology>();
        services.AddSingleton(provider =>
        {
            var mongo = provider.GetRequiredService<MongoConnection>();
            return new StoreIdentity(() => StoreId.OfAsync(mongo));
        });
        services.AddSingleton<StoreBinding>();
        services.AddSingleton(provider => provider.GetRequiredService<EventTopology>().PublisherOn(
            provider.GetRequiredKeyedService<RabbitMqConnection>(RabbitMqConnection.Publish)));
        services.AddSingleton<IEventQueue, EventQueueRabbitMq>();
        services.Decorate<IEventQueue, DeduplicationFilter>();
        services.AddSingleton<IQueuedEvents>(provider => ActivatorUtilities.CreateInstance<QueuedEventsRabbitMq>(
            provider, provider.GetRequiredKeyedService<RabbitMqConnection>(RabbitMqConnection.Consume)));
        services.AddSingleton<IDeadLetterQueue, DeadLetterQueueRabbitMq>();
    }

    private static void AddConnection(this IServiceCollection services, string name)
        => services.AddKeyedSingleton(name, (provider, _) => new RabbitMqConnection(
            name, provider.GetRequiredService<IOptions<RabbitMqOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<RabbitMqConnection>>()));

    private static void AddStore(this IServiceCollection services)
    {
        services.AddSingleton(LegacySchema.Before(EventSchema.Schema));
        services.AddSingleton<MongoConnection>();
        services.AddSingleton<IAuditRepository, AuditRepositoryMongo>();
        services.AddOnStoreClock<IEventRetention>((_, mongo) => new EventRetentionMongo(mongo, mongo.Clock));
        services.AddOnStoreClock<IEventErasure>((_, mongo) => new EventErasureMongo(mongo, mongo.Clock));
        services.AddOnStoreClock<IEventDismissal>((_, mongo) => new EventDismissalMongo(mongo, mongo.Clock));
        services.AddOnStoreClock<IPauseRepository>((_, mongo) => new PauseRepositoryMongo(mongo, mongo.Clock));
        services.AddOnStoreClock<IEventRepository>((_, mongo) => new EventRepositoryMongo(mongo, mongo.Clock));
        services.AddOnStoreClock<IEventQueries>((_, mongo) => new EventQueriesMongo(mongo, mongo.Clock));
        services.AddOnStoreClock<IDeadLetterOutbox>((_, mongo) => new DeadLetterOutboxMongo(mongo, mongo.Clock));
        services.AddOnStoreClock<IShipmentRepository>((provider, mongo) =>
            new ShipmentRepositoryMongo(mongo, mongo.Clock, provider.GetRequiredService<ILogger<ShipmentRepositoryMongo>>()));
    }

    private static void AddOnStoreClock<T>(
        this IServiceCollection services, Func<IServiceProvider, MongoConnection, T> create) where T : class
        => services.AddSingleton(provider => create(provider, provider.GetRequiredService<MongoConnection>()));
}
