using RabbitMQ.Client;

namespace Gateway.Shared.RabbitMq;

/// <param name="Exchange">Empty: the default exchange, where the routing key is the queue.</param>
/// <param name="RoutingKey">Chooses the queue.</param>
/// <param name="Properties">Of this message alone: the driver writes into them.</param>
/// <param name="Body">Nobody writes into it any more.</param>
public sealed record RabbitMqMessage(string Exchange, string RoutingKey, BasicProperties Properties, ReadOnlyMemory<byte> Body);
