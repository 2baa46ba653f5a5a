using System.Globalization;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Gateway.EventsGateway.Queue.RabbitMq;

/// <summary>Publishes groups of events as a few messages. An event is durable when its message is confirmed.</summary>
internal sealed class EventQueueRabbitMq(
    RabbitMqPublisher publisher, IOptions<RabbitMqOptions> options, StoreBinding? store = null) : IEventQueue
{
    private readonly RabbitMqOptions _options = options.Value;

    public async Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(IReadOnlyList<AcceptedEvent> group)
    {
        if (group.Count == 0) return [];
        ThrowIfForeign();
        (RabbitMqMessage Message, int Events)[] messages =
            [.. GatewayMessages(group)];
        var faults = await publisher.PublishAsync([.. messages.Select(one => one.Message)]);
        if (faults.All(fault => fault is not null)) throw RabbitMqFault.Of(faults[0]!);
        return [.. messages.Zip(faults).SelectMany(pair => Enumerable.Repeat(ResultOf(pair.Second), pair.First.Events))];
    }

    public Task ProbeAsync()
    {
        ThrowIfForeign();
        return publisher.ProbeAsync();
    }

    /// <summary>Known only where this process has the store too.</summary>
    private void ThrowIfForeign()
    {
        if (store?.Fault is { } fault) throw RabbitMqFault.Of(fault);
    }

    private static EnqueueResult ResultOf(string? fault) => fault is null ? EnqueueResult.New : EnqueueResult.NotDurable;

    private IEnumerable<(RabbitMqMessage Message, int Events)> GatewayMessages(IReadOnlyList<AcceptedEvent> group)
        => AcceptedEventEncoding.Encode(group, _options.MaxEventsPerMessage).Select(encoded =>
        {
            var properties = new BasicProperties
            {
                DeliveryMode = DeliveryModes.Persistent,
                ContentType = AcceptedEventEncoding.ContentType,
                MessageId = encoded.FirstAcceptId.ToString(null, CultureInfo.InvariantCulture),
            };
            return (new RabbitMqMessage(_options.Exchange, _options.Queue, properties, encoded.Message), encoded.Count);
        });
}
