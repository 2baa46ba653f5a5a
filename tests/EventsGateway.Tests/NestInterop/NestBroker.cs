using Gateway.EventsGateway.NestInterop;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Queue.RabbitMq;
using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.NestInterop;

/// <summary>A broker with the queue of the NestJS original, under a name of this test's own.</summary>
internal sealed class NestBroker(Action<RabbitMqOptions>? configure = null, TimeProvider? time = null) : RabbitMqBroker(
    configure: settings =>
    {
        settings.NestQueue = $"{settings.Queue}-nest";
        configure?.Invoke(settings);
    },
    time: time)
{
    private protected override IEventQueue QueueOn(RabbitMqPublisher publisher, IOptions<RabbitMqOptions> options)
        => options.Value.PublishFormat == PublishFormat.Nest
            ? new NestEventQueue(
                Connection(RabbitMqConnection.Publish, options.Value), new EventTopology(options, Time), options, Time)
            : base.QueueOn(publisher, options);

    private protected override IAdditionalQueue AdditionalOf(RabbitMqOptions settings)
        => new NestQueue(settings, Time, NullLogger<NestQueue>.Instance);
}
