using RabbitMQ.Client;

namespace Gateway.Shared.RabbitMq;

/// <param name="Exchange">Empty for the default exchange, where the routing key is the name of the queue.</param>
/// <param name="RoutingKey">Selects the queue.</param>
/// <param name="Properties">Not shared with another message, because the driver changes them.</param>
/// <param name="Body">Must not be changed until the message is confirmed.</param>
public sealed record RabbitMqMessage(string Exchange, string RoutingKey, BasicProperties Properties, ReadOnlyMemory<byte> Body);
