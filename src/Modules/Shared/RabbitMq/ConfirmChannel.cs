using RabbitMQ.Client;

namespace Gateway.Shared.RabbitMq;

/// <summary>
/// A channel in confirm mode, for one group of messages at a time, until the first message that is not confirmed: RabbitMQ 3.10
/// nacks every message of a channel whose first publish met a queue without a leader. It counts the confirms itself, because the
/// driver's tracking adds a header to every message, and the consumers of the NestJS original expect messages without headers.
/// </summary>
internal sealed class ConfirmChannel
{
    private static readonly CreateChannelOptions Confirming = new(
        publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: false,
        outstandingPublisherConfirmationsRateLimiter: null);

    private readonly IChannel _channel;
    private readonly IConnection _connection;
    private volatile Confirms _confirms = Confirms.None;
    private volatile bool _isUsable = true;
    private volatile bool _missesQueue;

    private ConfirmChannel(IChannel channel, IConnection connection)
    {
        (_channel, _connection) = (channel, connection);
        channel.BasicAcksAsync += (_, ack) => _confirms.Settle(ack.DeliveryTag, ack.Multiple, null);
        channel.BasicNacksAsync += (_, nack) =>
        {
            _isUsable = false;
            return _confirms.Settle(nack.DeliveryTag, nack.Multiple, "the broker could not keep the message");
        };
        channel.BasicReturnAsync += (_, returned) =>
        {
            _missesQueue = true;
            return _confirms.Return(returned.Body.Span, $"no queue took the message ({returned.ReplyText})");
        };
        channel.ChannelShutdownAsync += (_, end) =>
        {
            _missesQueue |= end.ReplyCode == Constants.NotFound;
            return _confirms.Fail(end.ReplyText);
        };
    }

    /// <summary>A message was returned, or the broker answered 404.</summary>
    public bool MissesQueue => _missesQueue;

    /// <summary>The broker nacked a message or did not confirm it in time.</summary>
    public bool HasFailed => !_isUsable;

    public static async Task<ConfirmChannel> OpenAsync(IConnection connection)
        => new(await connection.CreateChannelAsync(Confirming), connection);

    public bool IsUsableOn(IConnection connection) 
        => _isUsable && !_missesQueue && _channel.IsOpen && _connection == connection;

    /// <summary>Per message: null if a queue has stored it, else why that is not known.</summary>
    public async Task<IReadOnlyList<string?>> PublishAsync(
        IReadOnlyList<RabbitMqMessage> messages, TimeSpan within, TimeProvider time)
    {
        var confirms = _confirms = _confirms.Next(messages);
        try
        {
            await SendAsync(messages, confirms).WaitAsync(within, time);
        }
        catch (Exception fault)
        {
            // Messages in flight may still arrive, and their confirms would be counted for later messages.
            _isUsable = false;
            await confirms.Fail(RabbitMqFault.TextOf(fault));
        }

        // An idle channel keeps no messages.
        _confirms = confirms.Next([]);
        return confirms.Faults;
    }

    public void Abandon() => RabbitMqConnector.Discard(_channel);

    private async Task SendAsync(IReadOnlyList<RabbitMqMessage> messages, Confirms confirms)
    {
        foreach (var message in messages)
        {
            await _channel.BasicPublishAsync(
                message.Exchange, message.RoutingKey, mandatory: true, message.Properties, message.Body);
        }

        await confirms.AllSettled;
    }
}
