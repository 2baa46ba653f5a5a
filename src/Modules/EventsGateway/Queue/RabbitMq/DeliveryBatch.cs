using System.Threading.Channels;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.RabbitMq;

namespace Gateway.EventsGateway.Queue.RabbitMq;

/// <summary>The deliveries that are stored in one call and acknowledged together.</summary>
internal sealed class DeliveryBatch
{
    private const int EnoughEvents = 1024;
    private const int MaxBytes = 8 * 1024 * 1024;

    private readonly List<AcceptedEvent> _events = [];
    private readonly Dictionary<RabbitMqConsumer, ulong> _lastTags = [];

    public IReadOnlyList<AcceptedEvent> Events => _events;

    /// <summary>Takes the waiting deliveries up to a limit. A message is never split.</summary>
    public static DeliveryBatch TakeFrom(
        ChannelReader<RabbitMqDelivery> deliveries, Func<RabbitMqDelivery, IReadOnlyList<AcceptedEvent>> decode)
    {
        var batch = new DeliveryBatch();
        var bytes = 0;
        while (batch._events.Count < EnoughEvents && deliveries.TryPeek(out var next))
        {
            bytes += next.Body.Length;
            if (batch._events.Count > 0 && bytes > MaxBytes) break;
            deliveries.TryRead(out _);
            batch._events.AddRange(decode(next));
            batch._lastTags[next.From] = next.Tag;
        }

        return batch;
    }

    // One acknowledgement per channel covers all deliveries up to the tag; the earlier ones are acknowledged already.
    public async Task AckAsync()
    {
        foreach (var (consumer, tag) in _lastTags) await consumer.AckAsync(tag);
    }
}
