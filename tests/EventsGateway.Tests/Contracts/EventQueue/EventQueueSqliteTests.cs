using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.EventQueue;

public sealed class EventQueueSqliteTests : EventQueueContract
{
    private readonly SqliteQueue _queue;
    private readonly AcceptedEvents _newEvents = new(TimeProvider.System, seed: 7);

    public EventQueueSqliteTests()
        : this(new SqliteQueue())
    {
    }

    private EventQueueSqliteTests(SqliteQueue queue)
        : base(queue) => _queue = queue;

    // Guarantees of the Embedded profile alone.

    [Fact]
    public async Task Row_is_visible_as_soon_as_the_event_is_enqueued()
    {
        var e = _newEvents.Next();
        await _queue.Queue.EnqueueAsync([e]);

        var stored = await _queue.Store.Queries.FindAsync(e.Key, CancellationToken.None);
        stored.ShouldNotBeNull().Status.ShouldBe(EventStatus.Pending);
    }

    [Fact]
    public async Task Duplicates_are_detected_in_the_same_group_and_after_a_restart()
    {
        var e = _newEvents.Next();
        (await _queue.Queue.EnqueueAsync([e, AcceptedEvents.Resent(e)])).ShouldBe([EnqueueResult.New, EnqueueResult.Duplicate]);

        await _queue.ReopenAsync();

        (await _queue.Queue.EnqueueAsync([AcceptedEvents.Resent(e), _newEvents.Next()]))
            .ShouldBe([EnqueueResult.Duplicate, EnqueueResult.New]);
    }

    [Fact]
    public async Task Another_body_under_the_same_key_is_a_duplicate_with_a_conflict()
    {
        var e = _newEvents.Next();
        await _queue.Queue.EnqueueAsync([e]);

        (await _queue.Queue.EnqueueAsync([AcceptedEvents.Resent(e) with { Body = "{}"u8.ToArray() }]))
            .ShouldBe([EnqueueResult.Duplicate with { IsConflict = true }]);
    }

    [Fact]
    [Trait("Defect", "B4")]
    public async Task Resent_failed_event_is_new()
    {
        var e = _newEvents.Next();
        await _queue.Queue.EnqueueAsync([e]);
        var request = new ClaimRequest(1, ClaimOrder.Oldest, TimeSpan.FromSeconds(30));
        var claimed = (await _queue.Store.Events.ClaimDueAsync(request)).Events.Single();
        await _queue.Store.Events.SaveOutcomesAsync(
            [new AttemptOutcome
            {
                Key = e.Key, Token = claimed.Token, Kind = AttemptOutcomeKind.Failed, Reason = FailureReason.RejectedByRouter,
            }]);

        (await _queue.Queue.EnqueueAsync([AcceptedEvents.Resent(e)])).ShouldBe([EnqueueResult.New]);
    }

    [Fact]
    public async Task Enqueued_event_wakes_the_worker()
    {
        await _queue.Queue.EnqueueAsync([_newEvents.Next()]);

        using var raised = new CancellationTokenSource();
        var woken = _queue.Store.Work.WaitAsync(Timeout.InfiniteTimeSpan, raised.Token);
        woken.IsCompletedSuccessfully.ShouldBeTrue();
    }

    private sealed class SqliteQueue : QueueHarness
    {
        public SqliteStore Store { get; } = new();

        public override IEventQueue Queue => Store.Queue;

        public override ValueTask OpenAsync()
        {
            // The events of these tests are accepted now: a store that is behind would change their receipt.
            var soon = DateTimeOffset.UtcNow.AddMinutes(1);
            if (Store.Time.GetUtcNow() < soon) Store.Time.SetUtcNow(soon);
            return Store.OpenAsync();
        }

        public override ValueTask ReopenAsync() => Store.ReopenAsync();

        public override ValueTask BreakAsync()
        {
            Store.Close();
            return ValueTask.CompletedTask;
        }

        public override async Task<IReadOnlyList<AcceptedEvent>> ArrivedAsync(int count)
        {
            var rows = await Store.AllAsync();
            rows.Count.ShouldBe(count);
            var events = await Task.WhenAll(rows.Select(row => Store.Queries.FindAsync(row.Key, CancellationToken.None)));
            return [.. events.Select(e => new AcceptedEvent
            {
                AcceptId = Guid.Empty, Key = e!.Key, MerchantId = e.MerchantId, ShipmentId = e.ShipmentId, Type = e.Type,
                OccurredAt = e.OccurredAt, ReceivedAt = e.ReceivedAt, Body = e.Body.ToArray(),
                Headers = e.Headers, Traceparent = e.Traceparent, Source = e.Source, SecretId = e.SecretId,
                AfterEnd = e.AfterEnd, Details = e.Details, ItemIndex = e.ItemIndex, RequestDigest = e.RequestDigest,
            })];
        }

        public override ValueTask DisposeAsync() => Store.DisposeAsync();
    }
}
