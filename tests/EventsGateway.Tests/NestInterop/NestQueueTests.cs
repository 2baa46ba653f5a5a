using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.NestInterop;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Queue.RabbitMq;
using Gateway.EventsGateway.Tests.Queue.RabbitMq;
using Gateway.Shared.Errors;
using Gateway.Shared.RabbitMq;
using Gateway.TestSupport;
using RabbitMQ.Client;

namespace Gateway.EventsGateway.Tests.NestInterop;

/// <summary>Side by side with the NestJS original, on the queue that is its own.</summary>
public sealed class NestQueueTests : IAsyncLifetime
{
    private const string Data =
        """{"eventId":"e-1","merchantId":"m-1","shippingCompanyId":"dhl","shipmentId":"s-1",""" + Rest;

    private const string Rest =
        "\"type\":\"SHIPMENT_CREATED\",\"occurredAt\":\"2026-02-25T14:30:00+02:00\"," +
        "\"payload\":{\"weight\":12345678901234567890}}";

    private readonly NestBroker _reads = new();

    private readonly NestBroker _writes = new(settings => settings.PublishFormat = PublishFormat.Nest);

    private readonly AcceptedEvents _newEvents = new(TimeProvider.System, seed: 11);

    public async ValueTask InitializeAsync()
    {
        await _reads.OpenAsync();
        await _writes.OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _reads.DisposeAsync();
        await _writes.DisposeAsync();
    }

    [Fact]
    public async Task Message_of_the_original_is_handed_over_and_acknowledged()
    {
        await DeclareAsync(_reads);
        await PublishAsync($$"""{"pattern":"process-event","data":{{Data}}}""");

        var e = (await _reads.ArrivedAsync(1)).ShouldHaveSingleItem();

        e.Defect.ShouldBeNull();
        e.Key.ShouldBe(new EventKey("dhl", "e-1"));
        Encoding.UTF8.GetString(e.Body).ShouldBe(Data);
        (await _reads.Admin.MessageCountAsync(_reads.Settings.NestQueue)).ShouldBe(0u);
    }

    [Fact]
    public async Task Both_queues_are_read_and_counted()
    {
        await DeclareAsync(_reads);
        var ours = _newEvents.Take(300);
        await _reads.Queue.EnqueueAsync(ours);
        for (var i = 0; i < 150; i++)
            await PublishAsync($$"""{"pattern":"process-event","data":{{Data.Replace("e-1", $"e-{i}")}}}""");
        await Until.TrueAsync(_reads.Queued.CountAsync, count => count == 153);

        var arrived = await _reads.ArrivedAsync(450);

        arrived.Select(e => e.Key).ShouldBe(
            ours.Select(e => e.Key).Concat(Enumerable.Range(0, 150).Select(i => new EventKey("dhl", $"e-{i}"))),
                ignoreOrder: true);
        (await _reads.Queued.CountAsync()).ShouldBe(0);
    }

    [Fact]
    [Trait("Defect", "R9")]
    public async Task Message_of_an_unknown_pattern_is_quarantined()
    {
        await DeclareAsync(_reads);
        await PublishAsync($$"""{"pattern":"other","data":{{Data}}}""");

        (await _reads.ArrivedAsync(1)).ShouldHaveSingleItem().Defect
            .ShouldBe(new Defect(FailureReason.Unreadable, "its pattern is not process-event"));
    }

    [Fact]
    public async Task Messages_return_to_the_queue_where_the_store_fails()
    {
        await DeclareAsync(_reads);
        await PublishAsync($$"""{"pattern":"process-event","data":{{Data}}}""");

        await Should.ThrowAsync<BackendUnavailableException>(() => _reads.Queued.ConsumeAsync(
            _ => Task.FromException(new BackendUnavailableException("store", "away")), CancellationToken.None));

        (await _reads.ArrivedAsync(1)).ShouldHaveSingleItem().Key.EventId.ShouldBe("e-1");
    }

    [Fact]
    public async Task Our_queue_is_read_without_the_queue_of_the_original_and_both_once_it_exists()
    {
        var time = new SteppedTime();
        await using var broker = new NestBroker(time: time);
        await broker.OpenAsync();
        var arriving = broker.ArrivedAsync(2);
        await time.TimerRunsAsync(TimeSpan.FromSeconds(10));

        var ours = _newEvents.Next();
        await broker.Queue.EnqueueAsync([ours]);
        await Until.TrueAsync(broker.Queued.CountAsync, count => count == 0);
        await DeclareAsync(broker);
        await PublishAsync(broker, $$"""{"pattern":"process-event","data":{{Data}}}""");
        time.Advance(TimeSpan.FromSeconds(10));

        (await arriving).Select(e => e.Key).ShouldBe([ours.Key, new EventKey("dhl", "e-1")]);
    }

    [Fact]
    public async Task Queue_of_the_original_is_read_again_after_it_was_replaced()
    {
        var time = new SteppedTime();
        using var deaf = new BlackHoleProxy();
        await using var broker = new NestBroker(settings => settings.Url = deaf.To(settings.Url), time);
        await broker.OpenAsync();
        await DeclareAsync(broker);
        var arriving = broker.ArrivedAsync(1);
        await Until.TrueAsync(() => broker.IsReadAsync(broker.Settings.NestQueue), isRead => isRead);
        await time.TimerRunsAsync(PrefetchBuffer.QuietTime);

        await broker.Admin.QueueDeleteAsync(broker.Settings.NestQueue);
        await DeclareAsync(broker);
        await PublishAsync(broker, $$"""{"pattern":"process-event","data":{{Data}}}""");
        time.Advance(PrefetchBuffer.QuietTime);

        (await arriving).ShouldHaveSingleItem().Key.EventId.ShouldBe("e-1");
    }

    [Fact]
    public async Task Published_message_has_the_bytes_and_properties_of_the_original()
    {
        await DeclareAsync(_writes);
        var e = Event();

        (await _writes.Queue.EnqueueAsync([e])).ShouldBe([EnqueueResult.New]);

        var message = await _writes.GetAsync(_writes.Settings.NestQueue);
        Encoding.UTF8.GetString(message.Body.Span).ShouldBe($$"""{"pattern":"process-event","data":{{Data}}}""");
        (message.Exchange, message.RoutingKey).ShouldBe(("", _writes.Settings.NestQueue));
        var properties = message.BasicProperties;
        properties.DeliveryMode.ShouldBe(DeliveryModes.Persistent);
        // The driver reads an empty table as none.
        properties.Headers.ShouldBeNull();
        new[]
        {
            properties.IsContentTypePresent(), properties.IsMessageIdPresent(), properties.IsTimestampPresent(),
                properties.IsTypePresent(),
            properties.IsCorrelationIdPresent(), properties.IsReplyToPresent(), properties.IsAppIdPresent(),
                properties.IsUserIdPresent(),
            properties.IsContentEncodingPresent(), properties.IsExpirationPresent(), properties.IsPriorityPresent(),
                properties.IsClusterIdPresent(),
        }.ShouldAllBe(isPresent => !isPresent);
    }

    [Fact]
    [Trait("Defect", "R8")]
    public async Task Missing_queue_of_the_original_makes_ingest_unavailable()
    {
        (await Should.ThrowAsync<BackendUnavailableException>(() => _writes.Queue.ProbeAsync())).Message.ShouldContain(
            _writes.Settings.NestQueue);
        await Should.ThrowAsync<BackendUnavailableException>(() => _writes.Queue.EnqueueAsync([Event()]));

        await DeclareAsync(_writes);

        await _writes.Queue.ProbeAsync();
        (await _writes.Queue.EnqueueAsync([Event()])).ShouldBe([EnqueueResult.New]);
    }

    private static AcceptedEvent Event()
        => NestEnvelope.Read(Encoding.UTF8.GetBytes($$"""{"pattern":"process-event","data":{{Data}}}"""),
            DateTimeOffset.UnixEpoch);

    // As the original declares it: durable, classic, no arguments.
    private static Task<QueueDeclareOk> DeclareAsync(RabbitMqBroker broker)
        => broker.Admin.QueueDeclareAsync(broker.Settings.NestQueue, durable: true, exclusive: false, autoDelete: false);

    private ValueTask PublishAsync(string message) => PublishAsync(_reads, message);

    private static ValueTask PublishAsync(RabbitMqBroker broker, string message) => broker.Admin.BasicPublishAsync(
        "", broker.Settings.NestQueue, mandatory: true,
        new BasicProperties { DeliveryMode = DeliveryModes.Persistent, Headers = new Dictionary<string, object?>() },
        Encoding.UTF8.GetBytes(message));
}
