using Gateway.EventsGateway.Entities;
using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Gateway.EventsGateway.Queue.RabbitMq;

/// <summary>Publishes a readable copy of each failed event to the dead-letter queue.</summary>
internal sealed class DeadLetterQueueRabbitMq(RabbitMqPublisher publisher, IOptions<RabbitMqOptions> options) : IDeadLetterQueue
{
    /// <summary>All headers of a message must fit into one frame of 128 KiB.</summary>
    private const int MaxReason = 512;

    private readonly RabbitMqOptions _options = options.Value;

    public async Task PublishAsync(IReadOnlyList<EventEntity> failed)
    {
        var faults = await publisher.PublishAsync([.. failed.Select(MessageOf)]);
        if (faults.FirstOrDefault(fault => fault is not null) is { } reason) throw RabbitMqFault.Of(reason);
    }

    private static string Cut(string reason) => reason.Length <= MaxReason ? reason : reason[..MaxReason];

    private RabbitMqMessage MessageOf(EventEntity e)
    {
        var properties = new BasicProperties
        {
            DeliveryMode = DeliveryModes.Persistent,
            ContentType = "application/json",
            Headers = new Dictionary<string, object?>
            {
                ["x-event-key"] = e.Key.ToString(),
                ["x-outcome"] = e.Outcome ?? "",
                ["x-reason"] = Cut(e.LastError ?? ""),
            },
        };
        return new RabbitMqMessage(_options.Exchange, _options.DeadLetterQueue, properties, DeadLetterJson.Of(e));
    }
}
