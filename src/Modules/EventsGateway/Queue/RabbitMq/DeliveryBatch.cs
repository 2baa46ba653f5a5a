using System.Threading.Channels;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.RabbitMq;

namespace Gateway.EventsGateway.Queue.RabbitMq;

/// <summary>The messages that go to the store in one call.</summary>
internal sealed class DeliveryBatch
{
    private const int EnoughEvents = 1024;
    private const int MaxBytes = 8 * 1024 * 1024;

    private readonly List<AcceptedEvent> _events = [];
    private readonly Dictionary<RabbitMqConsumer, ulong> _upTo = [];

    public IReadOnlyList<AcceptedEvent> Events => _events;

    /// <summary>All that wait, unless they are too many; a message is never divided.</summary>
    public static DeliveryBatch From(
        ChannelReader<RabbitMqDelivery> inbox, Func<RabbitMqDelivery, IReadOnlyList<AcceptedEvent>> decode)
    {
        var taken = new DeliveryBatch();
        var bytes = 0;
        while (taken._events.Count < EnoughEvents && inbox.TryPeek(out var next))
        {
            bytes += next.Body.Length;
            if (taken._events.Count > 0 && bytes > MaxBytes) break;
            inbox.TryRead(out _);
            taken._events.AddRange(decode(next));
            taken._upTo[next.From] = next.Tag;
        }

        return taken;
    }

    // Everything before them on their channels has been acknowledged already.
    public async Task AckAsync()
    {
        foreach (var (consumer, tag) in _upTo) await consumer.AckAsync(tag);
    }
}
