using System.Threading.Channels;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Gateway.Shared.RabbitMq;

/// <param name="Consumer">Whom to acknowledge it to.</param>
/// <param name="Tag">Its number on the consumer's channel.</param>
/// <param name="Body">Memory of its own.</param>
public sealed record RabbitMqDelivery(RabbitMqConsumer Consumer, ulong Tag, byte[] Body);

/// <summary>
/// One queue, read on a channel of its own into an inbox that several may share. When the broker ends it, the inbox ends
/// with the reason. What is not acknowledged goes back when it is closed.
/// </summary>
public sealed class RabbitMqConsumer : AsyncDefaultBasicConsumer
{
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(2);

    private readonly IChannel _channel;
    private readonly string _queue;
    private readonly ChannelWriter<RabbitMqDelivery> _inbox;

    private RabbitMqConsumer(IChannel channel, string queue, ChannelWriter<RabbitMqDelivery> inbox) : base(channel)
        => (_channel, _queue, _inbox) = (channel, queue, inbox);

    public string Queue => _queue;

    public static async Task<RabbitMqConsumer> StartAsync(
        IConnection connection, string queue, int prefetch, ChannelWriter<RabbitMqDelivery> inbox)
    {
        var channel = await connection.CreateChannelAsync();
        try
        {
            var consumer = new RabbitMqConsumer(channel, queue, inbox);
            await channel.BasicQosAsync(0, (ushort)prefetch, global: false);
            await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
            return consumer;
        }
        catch
        {
            await channel.DisposeAsync();
            throw;
        }
    }

    /// <summary>Up to this one the queue may forget.</summary>
    public ValueTask AckAsync(ulong upTo) => _channel.BasicAckAsync(upTo, multiple: true);

    /// <summary>False when the broker does not say that it is done: then only the end of the connection gives back what is held.</summary>
    public async Task<bool> CloseAsync(TimeProvider time)
    {
        try
        {
            await _channel.CloseAsync().WaitAsync(CloseGrace, time);
        }
        catch (Exception) when (!_channel.IsOpen)
        {
            // Ended already, by the broker or with its connection.
        }
        ...
    }

    // The driver takes its buffer back when this returns.
    public override Task HandleBasicDeliverAsync(
        string consumerTag, ulong deliveryTag, bool redelivered, string exchange, string routingKey,
        IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body, CancellationToken cancellationToken = default)
    {
        _inbox.TryWrite(new RabbitMqDelivery(this, deliveryTag, body.ToArray()));
        return Task.CompletedTask;
    }
}
