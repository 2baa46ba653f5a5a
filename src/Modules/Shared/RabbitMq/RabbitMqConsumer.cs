using System.Threading.Channels;
using RabbitMQ.Client;

namespace Gateway.Shared.RabbitMq;

/// <param name="From">The consumer that acknowledges it.</param>
/// <param name="Tag">Its number on the channel of the consumer.</param>
/// <param name="Body">A copy of the body.</param>
/// <param name="ReadAt">Timestamp of its arrival here.</param>
public sealed record RabbitMqDelivery(RabbitMqConsumer From, ulong Tag, byte[] Body, long ReadAt);

/// <summary>
/// Reads one queue on its own channel into a buffer that consumers may share. If the broker ends the consumer, the buffer ends
/// with the reason. Unacknowledged messages return to the queue on close.
/// </summary>
public sealed class RabbitMqConsumer : AsyncDefaultBasicConsumer
{
    /// <summary>Longer than the round trip of a slow line.</summary>
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(4);

    private readonly ChannelWriter<RabbitMqDelivery> _buffer;
    private readonly TimeProvider _time;

    private RabbitMqConsumer(IChannel channel, string queue, ChannelWriter<RabbitMqDelivery> buffer, TimeProvider time)
        : base(channel) => (Queue, _buffer, _time) = (queue, buffer, time);

    public string Queue { get; }

    public static async Task<RabbitMqConsumer> StartAsync(
        IConnection connection, string queue, int prefetch, ChannelWriter<RabbitMqDelivery> buffer, TimeProvider time)
    {
        var channel = await connection.CreateChannelAsync();
        var consumer = new RabbitMqConsumer(channel, queue, buffer, time);
        await channel.BasicQosAsync(prefetchSize: 0, (ushort)prefetch, global: false);
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
        // Added after the subscription: if the queue is missing, the caller gets the exception and the buffer stays open.
        channel.ChannelShutdownAsync += (_, end) => consumer.End(end.ReplyText);
        if (!channel.IsOpen) await consumer.End("its channel was closed at once");
        return consumer;
    }

    /// <summary>Acknowledges all messages up to this one.</summary>
    public ValueTask AckAsync(ulong upTo) => Channel.BasicAckAsync(upTo, multiple: true);

    /// <summary>False if the broker does not answer: then only the end of the connection returns the messages.</summary>
    public async Task<bool> CloseAsync()
    {
        var closing = Channel.CloseAsync();
        await closing.WaitAsync(CloseGrace, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return closing.IsCompleted;
    }

    // The driver reuses its memory when this returns.
    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        _buffer.TryWrite(new RabbitMqDelivery(this, deliveryTag, body.ToArray(), _time.GetTimestamp()));
        return Task.CompletedTask;
    }

    // Cancelled by the broker: the queue was deleted or lost its leader.
    public override Task HandleBasicCancelAsync(string consumerTag, CancellationToken cancellationToken = default)
        => End("the broker has cancelled its consumer");

    private Task End(string reason)
    {
        _buffer.TryComplete(RabbitMqFault.Of($"queue '{Queue}': {reason}"));
        return Task.CompletedTask;
    }
}
