using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Queue.RabbitMq;
using Gateway.Shared.Errors;
using Gateway.Shared.RabbitMq;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;

namespace Gateway.EventsGateway.Tests.Contracts.EventQueue;

public sealed class EventQueueRabbitMqTests : EventQueueContract
{
    private readonly RabbitMqBroker _broker;
    private readonly AcceptedEvents _couriers = new(TimeProvider.System, seed: 7);

    public EventQueueRabbitMqTests()
        : this(new RabbitMqBroker())
    {
    }

    private EventQueueRabbitMqTests(RabbitMqBroker broker)
        : base(broker) => _broker = broker;

    // What only the Distributed profile promises.

    [Fact]
    public async Task A_message_is_persistent_and_names_its_format_and_its_first_event()
    {
        var group = _couriers.Take(3);
        await _broker.Queue.EnqueueAsync(group);

        var message = await _broker.GetAsync(_broker.Settings.Queue);

        message.BasicProperties.Persistent.ShouldBeTrue();
        message.BasicProperties.ContentType.ShouldBe(AcceptedEventEncoding.ContentType);
        message.BasicProperties.MessageId.ShouldBe(group[0].AcceptId.ToString());
        message.Exchange.ShouldBe(_broker.Settings.Exchange);
        AcceptedEventEncoding.Decode(message.Body.Span, DateTimeOffset.UnixEpoch).Count.ShouldBe(3);
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(4, 3)]
    [InlineData(128, 1)]
    public async Task A_group_becomes_messages_of_as_many_events_as_one_may_hold(int mostEvents, int messages)
    {
        await using var broker = new RabbitMqBroker(configure: settings => settings.MaxEventsPerMessage = mostEvents);
        await broker.OpenAsync();

        (await broker.Queue.EnqueueAsync(_couriers.Take(10))).ShouldBe(Enumerable.Repeat(EnqueueResult.New, 10));

        await Until.TrueAsync(() => broker.Stranger.MessageCountAsync(broker.Settings.Queue), count => count == messages);
    }

    [Fact]
    public async Task An_event_larger_than_a_frame_and_a_message_arrives()
    {
        var e = _couriers.Next() with { Body = new byte[3_000_000] };

        (await _broker.Queue.EnqueueAsync([_couriers.Next(), e, _couriers.Next()])).ShouldAllBe(answer => answer == EnqueueResult.New);

        (await _broker.ArrivedAsync(3)).Single(one => one.Key == e.Key).Body.ShouldBe(e.Body);
    }

    [Fact]
    public async Task R8_what_no_queue_took_is_never_new_and_the_queue_is_declared_again()
    {
        await _broker.Queue.EnqueueAsync([_couriers.Next()]);
        await _broker.Stranger.QueueDeleteAsync(_broker.Settings.Queue);

        (await Should.ThrowAsync<BackendUnavailableException>(() => _broker.Queue.EnqueueAsync(_couriers.Take(2)))).Message.ShouldContain("NO_ROUTE");

        var e = _couriers.Next();
        (await _broker.Queue.EnqueueAsync([e])).ShouldBe([EnqueueResult.New]);
        (await _broker.ArrivedAsync(1)).ShouldHaveSingleItem().Key.ShouldBe(e.Key);
    }

    [Fact]
    public async Task An_exchange_that_was_deleted_is_declared_again()
    {
        await _broker.Queue.EnqueueAsync([_couriers.Next()]);
        await _broker.Stranger.ExchangeDeleteAsync(_broker.Settings.Exchange);

        (await Should.ThrowAsync<BackendUnavailableException>(() => _broker.Queue.EnqueueAsync([_couriers.Next()]))).Message.ShouldContain("NOT_FOUND");

        (await _broker.Queue.EnqueueAsync([_couriers.Next()])).ShouldBe([EnqueueResult.New]);
    }

    [Fact]
    public async Task The_first_groups_that_come_at_once_to_a_new_broker_are_all_new()
    {
        // Eight declarations at once had their messages nacked in every third round.
        for (var round = 0; round < 10; round++)
        {
            await using var broker = new RabbitMqBroker();
            await broker.OpenAsync();

            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => broker.Queue.EnqueueAsync([_couriers.Next()])));

            answers.SelectMany(answer => answer).ShouldAllBe(answer => answer == EnqueueResult.New);
        }
    }

    [Fact]
    public async Task A_probe_declares_what_was_deleted()
    {
        await _broker.Queue.ProbeAsync();
        await _broker.Stranger.QueueDeleteAsync(_broker.Settings.Queue);

        await _broker.Queue.ProbeAsync();

        (await _broker.Queue.EnqueueAsync([_couriers.Next()])).ShouldBe([EnqueueResult.New]);
    }

    [Fact]
    public async Task A_queue_of_another_kind_is_named_with_its_argument()
    {
        await _broker.Stranger.QueueDeclareAsync(_broker.Settings.Queue, durable: true, exclusive: false, autoDelete: false);

        var told = (await Should.ThrowAsync<BackendUnavailableException>(() => _broker.Queue.ProbeAsync())).Message;

        told.ShouldContain(_broker.Settings.Queue);
        told.ShouldContain("x-queue-type");
        (await Should.ThrowAsync<BackendUnavailableException>(() => _broker.Queue.EnqueueAsync([_couriers.Next()]))).Message.ShouldBe(told);
        (await Should.ThrowAsync<BackendUnavailableException>(
            () => _broker.Queued.ConsumeAsync(_ => Task.CompletedTask, CancellationToken.None))).Message.ShouldContain("x-queue-type");
    }

    [Fact]
    public async Task Messages_that_the_queue_does_not_take_fail_alone()
    {
        await using var broker = new RabbitMqBroker(configure: settings => settings.MaxEventsPerMessage = 1);
        await broker.OpenAsync();
        // A classic queue beside ours whose bound refuses what is published: the exchange then nacks.
        var refusing = $"{broker.Settings.Queue}-full";
        await broker.Queue.ProbeAsync();
        await broker.Stranger.QueueDeclareAsync(
            refusing, durable: false, exclusive: true, autoDelete: true,
            new Dictionary<string, object?> { ["x-max-length"] = 2, ["x-overflow"] = "reject-publish" });
        await broker.Stranger.QueueBindAsync(refusing, broker.Settings.Exchange, broker.Settings.Queue);

        var answers = await broker.Queue.EnqueueAsync(_couriers.Take(5));

        answers.ShouldBe([EnqueueResult.New, EnqueueResult.New, EnqueueResult.NotDurable, EnqueueResult.NotDurable, EnqueueResult.NotDurable]);
        await broker.Stranger.QueueDeleteAsync(refusing);
        (await broker.Queue.EnqueueAsync([_couriers.Next()])).ShouldBe([EnqueueResult.New]);
    }

    [Fact]
    public async Task A_wrong_password_is_told_without_it()
    {
        await using var broker = new RabbitMqBroker();
        await broker.OpenAsync();
        var secret = new UriBuilder(broker.Settings.Url) { UserName = "guest", Password = "s3cret-of-mine" };
        broker.Settings.Url = secret.Uri;
        await broker.ReopenAsync();

        var fault = await Should.ThrowAsync<BackendUnavailableException>(() => broker.Queue.ProbeAsync());

        fault.Message.ShouldContain("ACCESS_REFUSED");
        fault.ToString().ShouldNotContain("s3cret-of-mine");
    }

    [Fact]
    public async Task An_address_that_is_none_is_told_when_it_is_used()
    {
        var settings = new RabbitMqOptions { Url = new Uri("http://nowhere") };

        await using var connection = new RabbitMqConnection("x", settings, TimeProvider.System, NullLogger<RabbitMqConnection>.Instance);

        await Should.ThrowAsync<BackendUnavailableException>(() => connection.OpenAsync());
    }
}
