using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Gateway.EventsGateway.Queue.RabbitMq;

/// <summary>
/// Our queues, under names of our own: those of the original have other arguments, and whoever declares them differently
/// gets a 406. Declaring what exists changes nothing, so everybody declares before use.
/// </summary>
internal sealed class EventTopology(IOptions<RabbitMqOptions> options)
{
    /// <summary>RabbitMQ 4 drops a message after 20 returns unless told otherwise; a store may be away for longer than that.</summary>
    private const int DeliveryLimit = 1_000_000;

    // A dead letter is a copy of what the store has: nobody may read it for two weeks, then the oldest go. 256 MiB are
    // some 100,000 copies; more failures than that are found in the store, not here.
    private const int DeadLetterTtlMs = 14 * 24 * 60 * 60 * 1000;
    private const int DeadLetterMaxBytes = 256 * 1024 * 1024;

    private readonly RabbitMqOptions _names = options.Value;

    public RabbitMqPublisher PublisherOn(RabbitMqConnection connection, IOptions<RabbitMqOptions> options, TimeProvider time)
        => new(connection, DeclareAsync, options, time);

    public async Task DeclareAsync(IConnection connection)
    {
        await using var channel = await connection.CreateChannelAsync();
        await channel.ExchangeDeclareAsync(_names.Exchange, ExchangeType.Direct, durable: true, autoDelete: false);
        await DeclareQueueAsync(channel, _names.Queue, new Dictionary<string, object?>
        {
            [Headers.XQueueType] = "quorum",
            ["x-delivery-limit"] = DeliveryLimit,
        });
        await DeclareQueueAsync(channel, _names.DeadLetterQueue, new Dictionary<string, object?>
        {
            [Headers.XQueueType] = "quorum",
            [Headers.XMessageTTL] = DeadLetterTtlMs,
            [Headers.XMaxLengthInBytes] = DeadLetterMaxBytes,
            [Headers.XOverflow] = "drop-head",
        });
        // The original's queue is the original's to declare.
        if (_names.PublishFormat == PublishFormat.Nest) await channel.QueueDeclarePassiveAsync(_names.NestQueueOrDefault);
    }

    private async Task DeclareQueueAsync(IChannel channel, string queue, Dictionary<string, object?> arguments)
    {
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments);
        await channel.QueueBindAsync(queue, _names.Exchange, routingKey: queue);
    }
}
