using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Repositories.Migration;

/// <summary>A database that version 0 wrote opens in this version: each port answers as if this version had written it.</summary>
public abstract class MigrationContract : IAsyncLifetime
{
    private protected static readonly EventKey Removed = new("dhl", "removed");

    private readonly StoreHarness _store;

    private protected MigrationContract(StoreHarness store) => _store = store;

    private protected DateTimeOffset Now => _store.Time.GetUtcNow();

    public async ValueTask InitializeAsync()
    {
        await WriteAsync(OldEvent.OfEveryKind(Now), removedAt: Now.AddDays(-1));
        await _store.OpenAsync();
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Each_event_has_its_generation_and_its_outcome()
    {
        var events = (await ListAsync(new EventFilter())).ToDictionary(e => e.Key.EventId);

        events.Count.ShouldBe(9);
        (events["ended"].Outcome, events["rejected"].Outcome, events["overdue"].Outcome, events["exhausted"].Outcome,
            events["late"].Outcome)
            .ShouldBe(("shipment-ended", "rejected-by-router", "deadline-exceeded", "retries-exhausted", "late"));
        (events["exhausted"].Generation, events["exhausted"].RequeuedBy, events["exhausted"].RequeuedAt)
            .ShouldBe((2, "mira", Now.AddMinutes(-1)));
        (events["fresh"].Generation, events["fresh"].RequeuedBy, events["fresh"].RequeuedAt).ShouldBe((1, null, Now));
        (events["crashing"].AbandonedAttempts, events["rejected"].AttemptsSpent).ShouldBe((5, 1));
    }

    [Fact]
    public async Task The_history_has_the_results_of_this_version()
    {
        (await AttemptsAsync("crashing")).ShouldHaveSingleItem().ShouldBe(
            new AttemptRecord(1, 1, new DateTimeOffset(2026, 3, 4, 5, 0, 0, TimeSpan.Zero), null, AttemptResult.Abandoned, null));
        (await AttemptsAsync("ended")).ShouldHaveSingleItem().ShouldBe(
            new AttemptRecord(
                1, 1, new DateTimeOffset(2026, 3, 4, 5, 0, 0, TimeSpan.Zero), 3, AttemptResult.ShipmentEnded,
                    "says \"result\":\"refused\""));
        var exhausted = await AttemptsAsync("exhausted");
        exhausted.Select(line => (line.Generation, line.Number, line.Result, line.DurationMs))
            .ShouldBe([(1, 1, "timed-out", 9), (2, 3, "timed-out", 9)]);
        (exhausted[1].Probes, exhausted[1].LastStartedAt).ShouldBe((4, new DateTimeOffset(2026, 3, 4, 5, 4, 0, TimeSpan.Zero)));
        (await AttemptsAsync("fresh")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Failed_events_are_counted_grouped_listed_and_replayed()
    {
        var counts = await _store.Queries.CountAsync(CancellationToken.None);
        (counts.Pending, counts.Processed, counts.Failed).ShouldBe((3, 2, 4));
        (await _store.Queries.GroupFailuresAsync(10, null, CancellationToken.None)).Groups.Select(
            group => (group.Outcome, group.Error)).ShouldBe(
            [
                ("shipment-ended", null), ("rejected-by-router", "status 400"), ("deadline-exceeded", "gave up after 12 h"),
                ("retries-exhausted", "timed out"),
            ],
            ignoreOrder: true);
        (await ListAsync(new EventFilter { Outcome = "deadline-exceeded" }))
            .ShouldHaveSingleItem().Key.EventId.ShouldBe("overdue");
        _store.Time.Advance(TimeSpan.FromSeconds(1));

        (await _store.Events.RequeueAsync(new EventFilter(), 10, "omar")).Replayed.ShouldBe(4);

        var replayed = await FindAsync("exhausted");
        (replayed.Status, replayed.Generation, replayed.RequeuedBy, replayed.RequeuedAt)
            .ShouldBe((EventStatus.Pending, 3, "omar", Now));
    }

    [Fact]
    public async Task Pending_events_are_claimed_and_a_lost_worker_leaves_an_abandoned_attempt()
    {
        (await ClaimAsync(ClaimOrder.Oldest)).ShouldBe(["fresh"]);
        (await ClaimAsync(ClaimOrder.Isolated)).ShouldBe(["crashing"]);

        _store.Time.Advance(TimeSpan.FromSeconds(31));
        await ClaimAsync(ClaimOrder.Oldest);

        var claimed = await FindAsync("claimed");
        claimed.AbandonedAttempts.ShouldBe(1);
        claimed.Attempts.Select(line => (line.Generation, line.Result)).ShouldBe([(1, AttemptResult.Abandoned)]);
    }

    [Fact]
    public async Task Events_expire_by_the_time_since_they_were_requeued()
    {
        _store.Time.Advance(TimeSpan.FromHours(1));

        (await _store.Events.FailOverdueAsync(TimeSpan.FromMinutes(59), "too old"))
            .ShouldContain(one => one.Key == new EventKey("dhl", "crashing"));
    }

    [Fact]
    public async Task Processed_events_and_tombstones_are_purged_at_their_age()
    {
        (await _store.Queries.FindTombstoneAsync(Removed, CancellationToken.None)).ShouldBe(
            new Tombstone(EventStatus.Processed, Now.AddDays(-31), Now.AddDays(-1)));
        _store.Time.Advance(TimeSpan.FromDays(31));

        var purged = await _store.PurgeOnceAsync(
            new RetentionAges(TimeSpan.FromDays(30), TimeSpan.FromDays(400), TimeSpan.FromDays(400)));

        purged.Purged.ShouldBe(2);
        (await _store.Queries.FindTombstoneAsync(new EventKey("dhl", "late"), CancellationToken.None))!.PurgedAt.ShouldBe(Now);
    }

    [Fact]
    public async Task The_audit_log_has_the_actions_of_this_version()
    {
        var records = await _store.Audit.ListAsync(null, 10, CancellationToken.None);

        records.Select(record => record.Action)
            .ShouldBe(["login-rejected", "clear-deduplication-cache", "replay"], ignoreOrder: true);
    }

    /// <summary>
    /// These events, one tombstone of <see cref="Removed"/>, and audit records of forget-seen, login-refused and replay.
    /// </summary>
    private protected abstract Task WriteAsync(IReadOnlyList<OldEvent> events, DateTimeOffset removedAt);

    private protected Task<IReadOnlyList<EventEntity>> ListAsync(EventFilter filter)
        => _store.Queries.ListAsync(filter, null, 100, CancellationToken.None);

    private protected async Task<EventEntity> FindAsync(string eventId)
        => (await _store.Queries.FindAsync(new EventKey("dhl", eventId), CancellationToken.None)).ShouldNotBeNull();

    private async Task<IReadOnlyList<AttemptRecord>> AttemptsAsync(string eventId) => (await FindAsync(eventId)).Attempts;

    private async Task<IReadOnlyList<string>> ClaimAsync(ClaimOrder order)
        => [.. (await _store.Events.ClaimDueAsync(new ClaimRequest(10, order, TimeSpan.FromSeconds(30)))).Events.Select(
            claimed => claimed.Event.Key.EventId)];
}
