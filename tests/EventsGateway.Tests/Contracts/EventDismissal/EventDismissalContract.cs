using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.EventDismissal;

public abstract class EventDismissalContract : IAsyncLifetime
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly EventFilter Dismissed = new() { Status = EventStatus.Dismissed };

    private readonly StoreHarness _store;
    private readonly RemovalFixture _fixture;

    private protected EventDismissalContract(StoreHarness store) => (_store, _fixture) = (store, new RemovalFixture(store));

    public ValueTask InitializeAsync() => _store.OpenAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Failed_and_unclaimed_pending_events_are_dismissed_by_their_keys_and_no_others()
    {
        var failed = await _fixture.SettledAsync(AttemptOutcomeKind.Failed);
        var processed = await _fixture.SettledAsync(AttemptOutcomeKind.Completed);
        var claimed = await _fixture.ClaimedAsync();
        var pending = await _fixture.PendingAsync();

        var result = await _store.Dismissal.DismissAsync(
            [failed.Key, processed.Key, claimed.Event.Key, pending.Key, pending.Key, new EventKey("dhl", "unknown")], "mira");

        result.ShouldBe(new DismissResult(Dismissed: 2, InWork: 1, ShipmentsEnded: 0, Remaining: 0));
        (await _fixture.ListAsync(Dismissed)).ShouldBe([failed.Key, pending.Key], ignoreOrder: true);
        (await _fixture.EndAsync(claimed, AttemptOutcomeKind.Completed)).ShouldBeTrue();
        (await _fixture.ClaimAllAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Dismissed_event_keeps_its_reason_and_has_no_due_time()
    {
        var failed = await FailedAsync();
        var before = (await _fixture.FindAsync(failed.Key)).ShouldNotBeNull();
        _store.Time.Advance(Day);

        await _store.Dismissal.DismissAsync([failed.Key], "$status");

        (await _fixture.FindAsync(failed.Key)).ShouldNotBeNull().ShouldSatisfyAllConditions(
            e => e.Status.ShouldBe(EventStatus.Dismissed), e => e.DismissedAt.ShouldBe(_store.Time.GetUtcNow()),
            e => e.DismissedBy.ShouldBe("$status"), e => e.DueAt.ShouldBeNull(), e => e.Outcome.ShouldBe(before.Outcome),
            e => e.LastError.ShouldBe(before.LastError), e => e.Attempts.Count.ShouldBe(1), e => e.ProcessedAt.ShouldBeNull());
    }

    [Fact]
    public async Task Filter_dismisses_the_oldest_failed_events_and_returns_how_many_remain()
    {
        AcceptedEvent[] failed = [await FailedAsync(), await FailedAsync(), await FailedAsync()];
        await _fixture.SettledAsync(AttemptOutcomeKind.Failed, merchant: "m-2");
        await _fixture.PendingAsync();

        var result = await _store.Dismissal.DismissAsync(new EventFilter { MerchantId = "m-1" }, 2, "mira");

        result.ShouldBe(new DismissResult(2, InWork: 0, ShipmentsEnded: 0, Remaining: 1));
        (await _fixture.ListAsync(Dismissed)).ShouldBe([failed[1].Key, failed[0].Key]);
        (await _store.Dismissal.DismissAsync(new EventFilter { MerchantId = "m-1" }, 10, "mira")).Dismissed.ShouldBe(1);
    }

    [Fact]
    public async Task Filter_of_pending_events_leaves_those_in_work()
    {
        await _fixture.SettledAsync(AttemptOutcomeKind.Failed);
        await _fixture.ClaimedAsync();
        var pending = await _fixture.PendingAsync();

        (await _store.Dismissal.DismissAsync(new EventFilter { Status = EventStatus.Pending }, 10, "mira"))
            .ShouldBe(new DismissResult(1, InWork: 1, ShipmentsEnded: 0, Remaining: 0));

        (await _fixture.ListAsync(Dismissed)).ShouldBe([pending.Key]);
    }

    [Fact]
    public async Task Dismissal_of_at_most_0_events_counts_and_changes_nothing()
    {
        await FailedAsync();
        await FailedAsync();

        (await _store.Dismissal.DismissAsync(new EventFilter(), 0, "mira")).ShouldBe(new DismissResult(0, 0, 0, Remaining: 2));

        (await _fixture.CountsAsync()).Failed.ShouldBe(2);
    }

    [Fact]
    public async Task Accepted_is_the_sum_of_pending_processed_failed_and_dismissed()
    {
        await _fixture.PendingAsync();
        await _fixture.SettledAsync(AttemptOutcomeKind.Completed);
        await _fixture.SettledAsync(AttemptOutcomeKind.Failed);
        var dismissed = await FailedAsync();

        await _store.Dismissal.DismissAsync([dismissed.Key], "mira");

        await CountsShouldBeAsync(pending: 1, processed: 1, failed: 1, dismissed: 1);
        await _store.Events.RequeueAsync([dismissed.Key], "mira");
        await CountsShouldBeAsync(pending: 2, processed: 1, failed: 1, dismissed: 0);
    }

    [Fact]
    public async Task Resubmission_of_a_dismissed_event_is_a_duplicate()
    {
        var failed = await FailedAsync();
        await _store.Dismissal.DismissAsync([failed.Key], "mira");

        (await _fixture.ResendAsync(failed)).Result.ShouldBe(AddResult.Duplicate);

        (await _fixture.FindAsync(failed.Key))!.Status.ShouldBe(EventStatus.Dismissed);
    }

    [Fact]
    public async Task Dismissed_event_is_replayed_by_key_or_by_a_filter_that_names_its_status()
    {
        AcceptedEvent[] events = [await FailedAsync(), await FailedAsync(), await _fixture.PendingAsync()];
        await _store.Dismissal.DismissAsync([.. events.Select(e => e.Key)], "mira");

        (await _store.Events.RequeueAsync(new EventFilter(), 10, "mira")).Replayed.ShouldBe(0);
        (await _store.Events.RequeueAsync([events[0].Key], "mira")).Replayed.ShouldBe(1);
        _store.Time.Advance(TimeSpan.FromMilliseconds(1));
        (await _store.Events.RequeueAsync(Dismissed, 10, "mira")).Replayed.ShouldBe(2);

        (await _fixture.ClaimAllAsync()).ShouldAllBe(one
            => one.Event.Generation == 2 && one.Event.DismissedAt == null && one.Event.DismissedBy == null);
    }

    [Fact]
    public async Task Dismissed_events_are_found_by_the_reason_that_they_had_failed_for()
    {
        var failed = await FailedAsync();
        var before = (await _fixture.FindAsync(failed.Key)).ShouldNotBeNull();
        await _store.Dismissal.DismissAsync([failed.Key], "mira");

        (await _fixture.ListAsync(Dismissed with { Outcome = before.Outcome, LastError = before.LastError }))
            .ShouldBe([failed.Key]);
        (await _fixture.ListAsync(new EventFilter { Outcome = before.Outcome })).ShouldBeEmpty();
        (await _fixture.ListAsync(Dismissed with { Outcome = EventOutcome.Routed })).ShouldBeEmpty();
        (await _store.Queries.GroupFailuresAsync(10, null, CancellationToken.None)).Total.ShouldBe(0);
    }

    [Fact]
    public async Task Dismissed_end_of_a_shipment_stays_and_is_counted()
    {
        var delivered = await FailedEndAsync("sh-1");
        await _fixture.SettledAsync(AttemptOutcomeKind.Failed, "sh-1");
        var later = await FailedEndAsync("sh-1");
        var other = await FailedEndAsync("sh-2");
        foreach (var e in new[] { delivered, later, other })
            await _store.ApplyAsync([(await _fixture.FindAsync(e.Key))!]);
        var before = await _store.ShipmentAsync("sh-1");

        (await _store.Dismissal.DismissAsync(new EventFilter { ShipmentId = "sh-1" }, 10, "mira"))
            .ShouldBe(new DismissResult(3, InWork: 0, ShipmentsEnded: 1, Remaining: 0));

        (await _store.ShipmentAsync("sh-1")).ShouldBe(before);
        (await _store.Dismissal.DismissAsync([other.Key], "mira")).ShipmentsEnded.ShouldBe(1);
    }

    [Fact]
    public async Task Retention_removes_a_dismissed_event_as_a_processed_one()
    {
        var failed = await FailedAsync();
        var recent = await FailedAsync();
        await _store.Dismissal.DismissAsync([failed.Key], "mira");
        _store.Time.Advance(20 * Day);
        await _store.Dismissal.DismissAsync([recent.Key], "mira");
        _store.Time.Advance(11 * Day);

        (await _store.PurgeOnceAsync(new RetentionAges(30 * Day, 90 * Day, 90 * Day))).Purged.ShouldBe(1);
        await _store.EndRemovalsAsync();

        (await _fixture.StoneAsync(failed.Key)).ShouldNotBeNull().Status.ShouldBe(EventStatus.Dismissed);
        (await _fixture.ResendAsync(failed)).Result.ShouldBe(AddResult.Duplicate);
        await CountsShouldBeAsync(0, 0, 0, dismissed: 2);
        (await _fixture.CountsAsync()).Removed.ShouldBe(new RemovedCounts(0, 0, Dismissed: 1));
    }

    [Fact]
    public async Task Dismissed_event_is_erased_with_its_shipment_and_stays_counted()
    {
        var failed = await FailedAsync();
        await _store.Dismissal.DismissAsync([failed.Key], "mira");

        (await _store.Erasure.EraseAsync(new ErasureSubject("sh-1", null), 10)).Events.ShouldBe(1);
        await _store.EndRemovalsAsync();

        (await _fixture.FindAsync(failed.Key)).ShouldBeNull();
        await CountsShouldBeAsync(0, 0, 0, dismissed: 1);
    }

    private async Task<AcceptedEvent> FailedAsync()
    {
        var e = await _fixture.PendingAsync();
        await FailAsync(e.Key);
        return e;
    }

    private async Task<AcceptedEvent> FailedEndAsync(string shipment)
    {
        var e = _fixture.NewEvents.Next();
        e = e with
        {
            Key = new EventKey("dhl", e.Key.EventId), ShipmentId = shipment, MerchantId = "m-1", Type = EventType.Delivered,
        };
        await _store.Events.AddAsync([e]);
        await FailAsync(e.Key);
        return e;
    }

    private async Task FailAsync(EventKey key)
    {
        var claimed = (await _fixture.ClaimAllAsync()).Single(one => one.Event.Key == key);
        await _store.Events.SaveOutcomesAsync(
        [
            new AttemptOutcome
            {
                Key = key, Token = claimed.Token, Kind = AttemptOutcomeKind.Failed, IsCounted = true,
                Reason = FailureReason.RejectedByRouter, Error = "answered 422",
                Record = new AttemptRecord(1, 1, claimed.ClaimedAt, 5, AttemptResult.PermanentStatus, null),
            },
        ]);
        _store.Time.Advance(TimeSpan.FromMilliseconds(1));
    }

    private async Task CountsShouldBeAsync(long pending, long processed, long failed, long dismissed)
    {
        var counts = await _fixture.CountsAsync();
        (counts.Pending, counts.Processed, counts.Failed, counts.Dismissed).ShouldBe((pending, processed, failed, dismissed));
        counts.Accepted.ShouldBe(pending + processed + failed + dismissed);
    }
}
