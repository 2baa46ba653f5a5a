using System.Threading.Channels;
using RabbitMQ.Client;

namespace Gateway.Shared.RabbitMq;

/// <param name="From">Whom to acknowledge it to.</param>
/// <param name="Tag">Its number on that consumer's channel.</param>
/// <param name="Body">Memory of its own.</param>
public sealed record RabbitMqDelivery(RabbitMqConsumer From, ulong Tag, byte[] Body);

/// <summary>
/// One queue, read on a channel of its own into an inbox that several may share. When the broker ends it, the inbox ends
/// with the reason. What is not acknowledged when it is closed goes back into the queue.
/// </summary>
public sealed class RabbitMqConsumer : AsyncDefaultBasicConsumer
{
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(2);

    private readonly ChannelWriter<RabbitMqDelivery> _inbox;

    private RabbitMqConsumer(IChannel channel, string queue, ChannelWriter<RabbitMqDelivery> inbox) : base(channel) => (Queue, _inbox) = (queue, inbox);

    public string Queue { get; }

    public static async Task<RabbitMqConsumer> StartAsync(
        IConnection connection, string queue, int prefetch, ChannelWriter<RabbitMqDelivery> inbox)
    {
        var channel = await connection.CreateChannelAsync();
        var consumer = new RabbitMqConsumer(channel, queue, inbox);
        await channel.BasicQosAsync(prefetchSize: 0, (ushort)prefetch, global: false);
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
        // Only now: a queue that is not there is its caller's affair, and no end of the inbox.
        channel.ChannelShutdownAsync += (_, end) => consumer.End(end.ReplyText);
        if (!channel.IsOpen) await consumer.End("its channel was closed at once");
        return consumer;
    }

    /// <summary>The queue may forget everything up to this one.</summary>
    public ValueTask AckAsync(ulong upTo) => Channel.BasicAckAsync(upTo, multiple: true);

    /// <summary>False when the broker does not answer: then only the end of the connection gives back what is held.</summary>
    public async Task<bool> CloseAsync(TimeProvider time)
    {
        var closing = Channel.CloseAsync();
        await closing.WaitAsync(CloseGrace, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return closing.IsCompleted;
    }

    // The driver takes its buffer back when this returns.
    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        _inbox.TryWrite(new RabbitMqDelivery(this, deliveryTag, body.ToArray()));
        return Task.CompletedTask;
    }

    // Not by us: its queue was deleted, or lost its leader.
    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
        => End("the broker has cancelled its consumer");

    private Task End(string reason)
    {
        _inbox.TryComplete(RabbitMqFault.Of($"queue '{Queue}': {reason}"));
        return Task.CompletedTask;
    }
}
