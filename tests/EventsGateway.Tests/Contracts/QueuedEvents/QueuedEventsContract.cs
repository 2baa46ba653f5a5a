using Gateway.EventsGateway.Entities;
using Gateway.Shared.Errors;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Contracts.QueuedEvents;

/// <summary>The guarantees of every queue that is read by a worker.</summary>
public abstract class QueuedEventsContract : IAsyncLifetime
{
    private readonly BrokerHarness _broker;
    private readonly AcceptedEvents _newEvents = new(TimeProvider.System, seed: 3);

    private protected QueuedEventsContract(BrokerHarness broker) => _broker = broker;

    public ValueTask InitializeAsync() => _broker.OpenAsync();

    public ValueTask DisposeAsync() => _broker.DisposeAsync();

    [Fact]
    [Trait("Defect", "R1")]
    public async Task Stored_events_are_removed_from_the_queue()
    {
        var group = _newEvents.Take(300);
        await _broker.Queue.EnqueueAsync(group);

        (await _broker.ArrivedAsync(300)).Select(e => e.Key).ShouldBe(group.Select(e => e.Key), ignoreOrder: true);

        await _broker.ReopenAsync();
        var later = _newEvents.Next();
        await _broker.Queue.EnqueueAsync([later]);
        (await _broker.ArrivedAsync(1)).ShouldHaveSingleItem().Key.ShouldBe(later.Key);
    }

    [Fact]
    public async Task Events_that_arrive_during_consumption_are_passed_on()
    {
        using var stop = new CancellationTokenSource();
        var stored = new List<EventKey>();
        var consuming = _broker.Queued.ConsumeAsync(Store, stop.Token);

        for (var i = 0; i < 5; i++)
        {
            var e = _newEvents.Next();
            await _broker.Queue.EnqueueAsync([e]);
            await Until.TrueAsync(() => { lock (stored) return stored.Contains(e.Key); });
        }

        await stop.CancelAsync();
        await consuming;

        Task Store(IReadOnlyList<AcceptedEvent> group)
        {
            lock (stored) stored.AddRange(group.Select(e => e.Key));
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task Store_fault_is_rethrown_and_all_held_messages_return_to_the_queue()
    {
        var group = _newEvents.Take(300);
        await _broker.Queue.EnqueueAsync(group);
        var fault = new BackendUnavailableException("store", "not primary");

        (await Should.ThrowAsync<BackendUnavailableException>(
            () => _broker.Queued.ConsumeAsync(_ => Task.FromException(fault), CancellationToken.None))).ShouldBeSameAs(fault);

        (await _broker.ArrivedAsync(300)).Select(e => e.Key).ShouldBe(group.Select(e => e.Key), ignoreOrder: true);
    }

    [Fact]
    public async Task Messages_stay_in_the_queue_until_the_store_has_returned()
    {
        var e = _newEvents.Next();
        await _broker.Queue.EnqueueAsync([e]);
        var (storing, never) = (new TaskCompletionSource(), new TaskCompletionSource());
        var consuming = _broker.Queued.ConsumeAsync(
            _ =>
            {
                storing.SetResult();
                return never.Task;
            },
            CancellationToken.None);
        await storing.Task.WaitAsync(Until.Timeout);

        await _broker.ReopenAsync();

        (await _broker.ArrivedAsync(1)).ShouldHaveSingleItem().Key.ShouldBe(e.Key);
        never.SetException(new BackendUnavailableException("store", "gone"));
        await Should.ThrowAsync<BackendUnavailableException>(() => consuming);
    }

    [Fact]
    public async Task Stop_waits_for_the_store_and_removes_the_stored_messages()
    {
        await _broker.Queue.EnqueueAsync(_newEvents.Take(3));
        using var stop = new CancellationTokenSource();
        var (storing, finish) = (new TaskCompletionSource(), new TaskCompletionSource());
        var consuming = _broker.Queued.ConsumeAsync(
            _ =>
            {
                storing.SetResult();
                return finish.Task;
            },
            stop.Token);
        await storing.Task.WaitAsync(Until.Timeout);

        await stop.CancelAsync();
        consuming.IsCompleted.ShouldBeFalse();
        finish.SetResult();
        await consuming;

        (await _broker.Queued.CountAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task Stop_ends_a_waiting_consumer()
    {
        using var stop = new CancellationTokenSource();
        var consuming = _broker.Queued.ConsumeAsync(_ => Task.CompletedTask, stop.Token);

        await stop.CancelAsync();

        await consuming.WaitAsync(Until.Timeout);
    }

    [Fact]
    [Trait("Defect", "R9")]
    [Trait("Defect", "R23")]
    public async Task Foreign_message_arrives_as_a_quarantined_event_with_its_bytes()
    {
        byte[][] messages = ["""{"hello":"world"}"""u8.ToArray(), [1, 0, 0, 0, 9, 255], [0]];
        var e = _newEvents.Next();
        foreach (var message in messages) await _broker.PutAsync(message);
        await _broker.Queue.EnqueueAsync([e]);

        var arrived = await _broker.ArrivedAsync(4);

        arrived.Where(one => one.Defect is null).ShouldHaveSingleItem().Key.ShouldBe(e.Key);
        var quarantined = arrived.Where(one => one.Defect is not null).ToList();
        quarantined.ShouldAllBe(one => one.Defect!.Reason == FailureReason.Unreadable);
        quarantined.ShouldAllBe(one => one.Key.ShippingCompanyId == "~unreadable");
        quarantined.Select(one => Convert.ToHexString(one.Body))
            .ShouldBe(messages.Select(Convert.ToHexString), ignoreOrder: true);
    }

    [Fact]
    public async Task Waiting_messages_are_counted()
    {
        await _broker.Queue.EnqueueAsync(_newEvents.Take(2));

        (await Until.TrueAsync(_broker.Queued.CountAsync, count => count > 0)).ShouldBeLessThanOrEqualTo(2);
        await _broker.ArrivedAsync(2);
        await Until.TrueAsync(_broker.Queued.CountAsync, count => count == 0);
    }

    [Fact]
    public async Task Unavailable_queue_throws()
    {
        await _broker.BreakAsync();

        await Should.ThrowAsync<BackendUnavailableException>(
            () => _broker.Queued.ConsumeAsync(_ => Task.CompletedTask, CancellationToken.None));
        await Should.ThrowAsync<BackendUnavailableException>(() => _broker.Queued.CountAsync());
    }
}
