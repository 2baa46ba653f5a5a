using System.Threading.Channels;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.RabbitMq;
using RabbitMQ.Client;

namespace Gateway.EventsGateway.Queue.RabbitMq;

/// <summary>A queue of another application that the worker reads beside ours.</summary>
internal interface IAdditionalQueue
{
    /// <summary>
    /// Begins to read as soon as the queue exists; null if the token was cancelled before. The caller closes the consumer.
    /// </summary>
    Task<RabbitMqConsumer?> ReadAsync(IConnection link, ChannelWriter<RabbitMqDelivery> inbox, CancellationToken ending);

    Task<long> CountAsync(IConnection link);

    AcceptedEvent Decode(byte[] message);
}
