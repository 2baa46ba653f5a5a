using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Queue.RabbitMq;
using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Gateway.EventsGateway.NestInterop;

/// <summary>
/// Publishes accepted events for the workers of the NestJS original: one message per event, in its format, into its queue.
/// The original declares that queue; the gateway only checks that it exists.
/// </summary>
internal sealed class NestEventQueue(
    RabbitMqConnection connection, EventTopology topology, IOptions<RabbitMqOptions> options, TimeProvider time) : IEventQueue
{
    private readonly string _queue = options.Value.NestQueueOrDefault;

    private readonly RabbitMqPublisher _publisher = new(
        connection,
        async channel =>
        {
            await channel.QueueDeclarePassiveAsync(options.Value.NestQueueOrDefault);
            await topology.DeclareAsync(channel);
        },
        options, time);

    public async Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(IReadOnlyList<AcceptedEvent> group)
    {
        if (group.Count == 0) return [];
        var faults = await _publisher.PublishAsync([.. group.Select(MessageOf)]);
        if (faults.All(fault => fault is not null)) throw RabbitMqFault.Of(faults[0]!);
        return [.. faults.Select(fault => fault is null ? EnqueueResult.New : EnqueueResult.NotDurable)];
    }

    public Task ProbeAsync() => _publisher.ProbeAsync();

    // Properties exactly as the original's: persistent, empty headers and nothing else.
    private RabbitMqMessage MessageOf(AcceptedEvent e)
    {
        var properties = new BasicProperties
        {
            DeliveryMode = DeliveryModes.Persistent, Headers = new Dictionary<string, object?>(),
        };
        return new RabbitMqMessage("", _queue, properties, NestEnvelope.Write(e));
    }
}
