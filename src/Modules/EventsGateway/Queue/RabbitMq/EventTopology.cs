using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Gateway.EventsGateway.Queue.RabbitMq;

/// <summary>
/// The gateway's exchange and queues. Their names differ from the original's, because RabbitMQ answers 406 to a declaration with
/// other arguments. A repeated declaration changes nothing, so publisher and consumer both declare before use.
/// </summary>
internal sealed class EventTopology(IOptions<RabbitMqOptions> options, TimeProvider time)
{
    /// <summary>By default RabbitMQ 4 drops a message after 20 returns; a store can be unavailable for longer.</summary>
    private const int DeliveryLimit = 1_000_000;

    // A dead letter is a copy of an event in the store. Copies expire after two weeks; beyond 256 MiB (about 100,000 copies) the
    // oldest are dropped.
    private const int DeadLetterTtlMs = 14 * 24 * 60 * 60 * 1000;
    private const int DeadLetterMaxBytes = 256 * 1024 * 1024;

    private readonly RabbitMqOptions _names = options.Value;

    /// <summary>
    /// A binding locks a table on all nodes, so a node that hangs blocks it for up to a minute; nearly always the queue is bound
    /// already. If it is not, the first message is returned, and the topology is declared again.
    /// </summary>
    private static readonly TimeSpan LongestBind = TimeSpan.FromSeconds(1);

    public RabbitMqPublisher PublisherOn(RabbitMqConnection connection) => new(connection, DeclareAsync, options, time);

    public async Task DeclareAsync(IChannel channel)
    {
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
        var binding = BindAsync(channel);
        await binding.WaitAsync(LongestBind, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (binding.IsFaulted) await binding;
    }

    /// <summary>By a process that has the store too.</summary>
    public async Task DeclareAsync(IChannel channel, StoreBinding? store)
    {
        await DeclareAsync(channel);
        if (store is not null) await store.EnsureAsync(channel);
    }

    private static Task<QueueDeclareOk> DeclareQueueAsync(IChannel channel, string queue, Dictionary<string, object?> arguments)
        => channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, arguments);

    private async Task BindAsync(IChannel channel)
    {
        foreach (var queue in new[] { _names.Queue, _names.DeadLetterQueue })
            await channel.QueueBindAsync(queue, _names.Exchange, routingKey: queue);
    }
}
