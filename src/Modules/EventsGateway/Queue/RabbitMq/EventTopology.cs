using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Gateway.EventsGateway.Queue.RabbitMq;

/// <summary>
/// The gateway's exchange and queues. Their names differ from the original's, because RabbitMQ answers 406 to a declaration with
/// other arguments. A repeated declaration changes nothing, so publisher and consumer both declare before use.
/// </summary>
internal sealed class EventTopology(IOptions<RabbitMqOptions> options)
{
    /// <summary>By default RabbitMQ 4 drops a message after 20 returns; a store can be unavailable for longer.</summary>
    private const int DeliveryLimit = 1_000_000;

    // A dead letter is a copy of an event in the store. Copies expire after two weeks; beyond 256 MiB (about 100,000 copies) the
    // oldest are dropped.
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
        // Only the original declares its queue.
        if (_names.PublishFormat == PublishFormat.Nest) await channel.QueueDeclarePassiveAsync(_names.NestQueueOrDefault);
    }

    private async Task DeclareQueueAsync(IChannel channel, string queue, Dictionary<string, object?> arguments)
    {
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments);
        await channel.QueueBindAsync(queue, _names.Exchange, routingKey: queue);
    }
}
