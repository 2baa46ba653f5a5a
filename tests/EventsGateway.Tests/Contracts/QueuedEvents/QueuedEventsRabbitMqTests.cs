using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Queue.RabbitMq;
using Gateway.EventsGateway.Tests.Queue.RabbitMq;
using Gateway.Shared.Errors;
using Gateway.TestSupport;
using RabbitMQ.Client;

namespace Gateway.EventsGateway.Tests.Contracts.QueuedEvents;

public sealed class QueuedEventsRabbitMqTests : QueuedEventsContract
{
    private readonly RabbitMqBroker _broker;
    private readonly AcceptedEvents _newEvents = new(TimeProvider.System, seed: 8);

    public QueuedEventsRabbitMqTests()
        : this(new RabbitMqBroker())
    {
    }

    private QueuedEventsRabbitMqTests(RabbitMqBroker broker)
        : base(broker) => _broker = broker;

    // Guarantees of the Distributed profile alone.

    [Fact]
    public async Task Other_events_of_a_message_with_a_broken_event_are_passed_on()
    {
        var group = _newEvents.Take(3);
        var message = AcceptedEventEncoding.Encode(group, 128).Single().Message;
        message[message.AsSpan().IndexOf("\"acceptId\""u8)] = (byte)'?';
        await _broker.PutAsync(message);

        var arrived = await _broker.ArrivedAsync(3);

        arrived.Select(e => e.Defect is null ? e.Key.EventId : e.Defect.Reason.Text())
            .ShouldBe([FailureReasonText.Unreadable, group[1].Key.EventId, group[2].Key.EventId]);
        (await _broker.Queued.CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Waiting_messages_go_to_the_store_in_one_call()
    {
        await using var broker =
            new RabbitMqBroker(configure: settings => (settings.MaxEventsPerMessage, settings.Prefetch) = (1, 8));
        await broker.OpenAsync();
        var calls = new List<int>();
        using var stop = new CancellationTokenSource();
        var (first, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        var consuming = broker.Queued.ConsumeAsync(
            async group =>
            {
                calls.Add(group.Count);
                first.TrySetResult();
                await go.Task;
                if (calls.Sum() == 9) await stop.CancelAsync();
            },
            stop.Token);
        await broker.Queue.EnqueueAsync([_newEvents.Next()]);
        await first.Task.WaitAsync(Until.Timeout);

        await broker.Queue.EnqueueAsync(_newEvents.Take(8));
        // Of the prefetched 8 messages one is in the store call and seven are buffered; one waits in the queue.
        await Until.TrueAsync(() => broker.Admin.MessageCountAsync(broker.Settings.Queue), count => count == 1);
        go.SetResult();
        await consuming.WaitAsync(Until.Timeout);

        calls[0].ShouldBe(1);
        calls[1].ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task Two_consumers_share_the_messages_without_duplicates()
    {
        await using var broker =
            new RabbitMqBroker(configure: settings => (settings.MaxEventsPerMessage, settings.Prefetch) = (1, 1));
        await broker.OpenAsync();
        var group = _newEvents.Take(60);
        using var stop = new CancellationTokenSource();
        var (mine, theirs) = (new List<EventKey>(), new List<EventKey>());
        var (iHave, theyHave) = (new TaskCompletionSource(), new TaskCompletionSource());
        var consuming = Task.WhenAll(
            broker.Queued.ConsumeAsync(events => StoreAsync(mine, events, iHave, theyHave.Task), stop.Token),
            broker.AnotherConsumer().ConsumeAsync(events => StoreAsync(theirs, events, theyHave, iHave.Task), stop.Token));

        await broker.Queue.EnqueueAsync(group);
        await Until.TrueAsync(() => { lock (group) return mine.Count + theirs.Count == 60; });
        await stop.CancelAsync();
        await consuming.WaitAsync(Until.Timeout);

        mine.Concat(theirs).ShouldBe(group.Select(e => e.Key), ignoreOrder: true);

        // Each consumer holds its first message until the other has one.
        async Task StoreAsync(List<EventKey> stored, IReadOnlyList<AcceptedEvent> events, TaskCompletionSource has, Task otherHas)
        {
            has.TrySetResult();
            await otherHas.WaitAsync(Until.Timeout);
            lock (group) stored.AddRange(events.Select(e => e.Key));
        }
    }

    [Fact]
    public async Task Consumer_reports_a_deleted_queue_and_the_next_one_declares_it()
    {
        var storing = new TaskCompletionSource();
        var consuming = _broker.Queued.ConsumeAsync(
            _ =>
            {
                storing.TrySetResult();
                return Task.CompletedTask;
            },
            CancellationToken.None);
        await _broker.Queue.EnqueueAsync([_newEvents.Next()]);
        await storing.Task.WaitAsync(Until.Timeout);

        await _broker.Admin.QueueDeleteAsync(_broker.Settings.Queue);

        (await Should.ThrowAsync<BackendUnavailableException>(() => consuming.WaitAsync(Until.Timeout)))
            .Message.ShouldContain("cancelled");
        var e = _newEvents.Next();
        var arriving = _broker.ArrivedAsync(1);
        await Until.TrueAsync(() => _broker.IsReadAsync(_broker.Settings.Queue), isRead => isRead);
        await _broker.Queue.EnqueueAsync([e]);
        (await arriving).ShouldHaveSingleItem().Key.ShouldBe(e.Key);
    }

    [Fact]
    public async Task Messages_that_cannot_be_acknowledged_are_delivered_again()
    {
        var e = _newEvents.Next();
        await _broker.Queue.EnqueueAsync([e]);

        await Should.ThrowAsync<BackendUnavailableException>(() => _broker.Queued.ConsumeAsync(
            async _ => await _broker.ReopenAsync(), CancellationToken.None));

        (await _broker.ArrivedAsync(1)).ShouldHaveSingleItem().Key.ShouldBe(e.Key);
    }

    [Fact]
    public async Task Hanging_store_holds_no_message_for_a_minute()
    {
        var time = new SteppedTime();
        await using var broker = new RabbitMqBroker(time: time);
        await broker.OpenAsync();
        var e = _newEvents.Next();
        await broker.Queue.EnqueueAsync([e]);
        var never = new TaskCompletionSource();

        var consuming = broker.Queued.ConsumeAsync(_ => never.Task, CancellationToken.None);
        await time.TimerRunsAsync(TimeSpan.FromSeconds(25));
        time.Advance(TimeSpan.FromSeconds(25));

        (await Should.ThrowAsync<BackendUnavailableException>(() => consuming.WaitAsync(Until.Timeout)))
            .Backend.ShouldBe("store");
        (await broker.ArrivedAsync(1)).ShouldHaveSingleItem().Key.ShouldBe(e.Key);
    }

    [Fact]
    public async Task Queue_deleted_and_declared_again_is_consumed_again()
    {
        var time = new SteppedTime();
        using var deaf = new BlackHoleProxy();
        await using var broker = new RabbitMqBroker(configure: settings => settings.Url = deaf.To(settings.Url), time: time);
        await broker.OpenAsync();
        var arriving = broker.ArrivedAsync(1);
        await Until.TrueAsync(() => broker.IsReadAsync(broker.Settings.Queue), isRead => isRead);
        await time.TimerRunsAsync(PrefetchBuffer.QuietTime);

        await broker.Admin.QueueDeleteAsync(broker.Settings.Queue);
        var e = _newEvents.Next();
        await Until.TrueAsync(() => TakenAsync(broker, e), isTaken => isTaken);
        time.Advance(PrefetchBuffer.QuietTime);

        (await arriving).ShouldHaveSingleItem().Key.ShouldBe(e.Key);
    }

    [Fact]
    public async Task Idle_queue_is_still_consumed()
    {
        var time = new SteppedTime();
        await using var broker = new RabbitMqBroker(time: time);
        await broker.OpenAsync();
        var arriving = broker.ArrivedAsync(1);
        for (var i = 0; i < 3; i++)
        {
            await time.TimerRunsAsync(PrefetchBuffer.QuietTime);
            time.Advance(PrefetchBuffer.QuietTime);
        }

        var e = _newEvents.Next();
        await broker.Queue.EnqueueAsync([e]);

        (await arriving).ShouldHaveSingleItem().Key.ShouldBe(e.Key);
    }

    private static async Task<bool> TakenAsync(RabbitMqBroker broker, AcceptedEvent e)
    {
        try
        {
            return (await broker.Queue.EnqueueAsync([e])).Single() == EnqueueResult.New;
        }
        catch (BackendUnavailableException)
        {
            // The message was returned because the queue was missing; now the queue is declared again.
            return false;
        }
    }
}
