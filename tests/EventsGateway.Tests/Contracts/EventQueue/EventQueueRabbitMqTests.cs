using Gateway.EventsGateway.Queue;
using Gateway.Shared.Errors;
using Gateway.Shared.RabbitMq;
using Gateway.TestSupport;
using Microsoft.Extensions.Logging.Abstractions;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Gateway.EventsGateway.Tests.Contracts.EventQueue;

public sealed class EventQueueRabbitMqTests : EventQueueContract
{
    private readonly RabbitMqBroker _broker;
    private readonly AcceptedEvents _newEvents = new(TimeProvider.System, seed: 7);

    public EventQueueRabbitMqTests()
        : this(new RabbitMqBroker())
    {
    }

    private EventQueueRabbitMqTests(RabbitMqBroker broker)
        : base(broker) => _broker = broker;

    // Guarantees of the Distributed profile alone.

    [Fact]
    public async Task Message_is_persistent_and_names_its_format_and_its_first_event()
    {
        var group = _newEvents.Take(3);
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
    public async Task Group_is_split_into_messages_of_the_configured_number_of_events(int mostEvents, int messages)
    {
        await using var broker = new RabbitMqBroker(configure: settings => settings.MaxEventsPerMessage = mostEvents);
        await broker.OpenAsync();

        (await broker.Queue.EnqueueAsync(_newEvents.Take(10))).ShouldBe(Enumerable.Repeat(EnqueueResult.New, 10));

        await Until.TrueAsync(() => broker.Admin.MessageCountAsync(broker.Settings.Queue), count => count == messages);
    }

    [Fact]
    public async Task Event_larger_than_a_frame_and_a_message_arrives()
    {
        var e = _newEvents.Next() with { Body = new byte[3_000_000] };

        (await _broker.Queue.EnqueueAsync([_newEvents.Next(), e, _newEvents.Next()]))
            .ShouldAllBe(answer => answer == EnqueueResult.New);

        (await _broker.ArrivedAsync(3)).Single(one => one.Key == e.Key).Body.ShouldBe(e.Body);
    }

    [Fact]
    [Trait("Defect", "R8")]
    public async Task Unroutable_event_is_never_new_and_the_queue_is_declared_again()
    {
        await _broker.Queue.EnqueueAsync([_newEvents.Next()]);
        await _broker.Admin.QueueDeleteAsync(_broker.Settings.Queue);

        (await Should.ThrowAsync<BackendUnavailableException>(() => _broker.Queue.EnqueueAsync(_newEvents.Take(2))))
            .Message.ShouldContain("NO_ROUTE");

        var e = _newEvents.Next();
        (await _broker.Queue.EnqueueAsync([e])).ShouldBe([EnqueueResult.New]);
        (await _broker.ArrivedAsync(1)).ShouldHaveSingleItem().Key.ShouldBe(e.Key);
    }

    [Fact]
    public async Task Deleted_exchange_is_declared_again()
    {
        await _broker.Queue.EnqueueAsync([_newEvents.Next()]);
        await _broker.Admin.ExchangeDeleteAsync(_broker.Settings.Exchange);

        (await Should.ThrowAsync<BackendUnavailableException>(() => _broker.Queue.EnqueueAsync([_newEvents.Next()])))
            .Message.ShouldContain("NOT_FOUND");

        (await _broker.Queue.EnqueueAsync([_newEvents.Next()])).ShouldBe([EnqueueResult.New]);
    }

    [Fact]
    public async Task First_simultaneous_groups_of_a_new_broker_are_all_new()
    {
        // With eight simultaneous declarations, messages were nacked in every third run.
        for (var round = 0; round < 10; round++)
        {
            await using var broker = new RabbitMqBroker();
            await broker.OpenAsync();

            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => broker.Queue.EnqueueAsync([_newEvents.Next()])));

            answers.SelectMany(answer => answer).ShouldAllBe(answer => answer == EnqueueResult.New);
        }
    }

    [Fact]
    public async Task Probe_declares_nothing_a_second_time()
    {
        await _broker.Queue.ProbeAsync();
        await _broker.Admin.QueueDeleteAsync(_broker.Settings.Queue);

        await _broker.Queue.ProbeAsync();

        (await Should.ThrowAsync<OperationInterruptedException>(() => _broker.Admin.MessageCountAsync(_broker.Settings.Queue)))
            .ShutdownReason!.ReplyText.ShouldContain("NOT_FOUND");
    }

    [Fact]
    public async Task Fault_names_the_queue_and_the_argument_that_differs()
    {
        await _broker.Admin.QueueDeclareAsync(_broker.Settings.Queue, durable: true, exclusive: false, autoDelete: false);

        var message = (await Should.ThrowAsync<BackendUnavailableException>(() => _broker.Queue.ProbeAsync())).Message;

        message.ShouldContain(_broker.Settings.Queue);
        message.ShouldContain("x-queue-type");
        (await Should.ThrowAsync<BackendUnavailableException>(() => _broker.Queue.EnqueueAsync([_newEvents.Next()])))
            .Message.ShouldBe(message);
        (await Should.ThrowAsync<BackendUnavailableException>(
            () => _broker.Queued.ConsumeAsync(_ => Task.CompletedTask, CancellationToken.None)))
            .Message.ShouldContain("x-queue-type");
    }

    [Fact]
    public async Task Only_messages_that_the_queue_rejects_fail()
    {
        await using var broker = new RabbitMqBroker(configure: settings => settings.MaxEventsPerMessage = 1);
        await broker.OpenAsync();
        // A second, classic queue with a length limit rejects messages: the exchange then nacks.
        var full = $"{broker.Settings.Queue}-full";
        await broker.Queue.ProbeAsync();
        await broker.Admin.QueueDeclareAsync(
            full, durable: false, exclusive: true, autoDelete: true,
            new Dictionary<string, object?> { ["x-max-length"] = 2, ["x-overflow"] = "reject-publish" });
        await broker.Admin.QueueBindAsync(full, broker.Settings.Exchange, broker.Settings.Queue);

        var answers = await broker.Queue.EnqueueAsync(_newEvents.Take(5));

        answers.ShouldBe(
            [EnqueueResult.New, EnqueueResult.New, EnqueueResult.NotDurable, EnqueueResult.NotDurable, EnqueueResult.NotDurable]);
        await broker.Admin.QueueDeleteAsync(full);
        (await broker.Queue.EnqueueAsync([_newEvents.Next()])).ShouldBe([EnqueueResult.New]);
    }

    [Fact]
    public async Task Fault_about_a_wrong_password_does_not_contain_it()
    {
        await using var broker = new RabbitMqBroker();
        await broker.OpenAsync();
        var secret = new UriBuilder(broker.Settings.Nodes[0]) { UserName = "guest", Password = "s3cret-of-mine" };
        broker.Settings.Url = secret.ToString();
        await broker.ReopenAsync();

        var fault = await Should.ThrowAsync<BackendUnavailableException>(() => broker.Queue.ProbeAsync());

        fault.Message.ShouldContain("ACCESS_REFUSED");
        fault.ToString().ShouldNotContain("s3cret-of-mine");
    }

    [Fact]
    public async Task Invalid_uri_is_reported_on_first_use()
    {
        var settings = new RabbitMqOptions { Url = "http://nowhere" };

        await using var connection =
            new RabbitMqConnection("x", settings, TimeProvider.System, NullLogger<RabbitMqConnection>.Instance);

        await Should.ThrowAsync<BackendUnavailableException>(() => connection.OpenAsync());
    }
}
