using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.DeadLetterOutbox;

/// <summary>Every failure becomes a dead letter, delivered at least once.</summary>
public abstract class DeadLetterOutboxContract : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly StoreHarness _store;
    private readonly Func<IDeadLetterOutbox> _outbox;
    private readonly AcceptedEvents _newEvents;

    private protected DeadLetterOutboxContract(StoreHarness store, Func<IDeadLetterOutbox> outbox)
        => (_store, _outbox, _newEvents) = (store, outbox, new AcceptedEvents(store.Time));

    public ValueTask InitializeAsync() => _store.OpenAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Failed_event_has_a_dead_letter_with_its_reason_and_its_history()
    {
        var key = await FailAsync();

        var letter = (await ClaimAsync()).ShouldHaveSingleItem();

        letter.Generation.ShouldBe(1);
        letter.IsCopied.ShouldBeFalse();
        letter.Event.Key.ShouldBe(key);
        letter.Event.Status.ShouldBe(EventStatus.Failed);
        letter.Event.LastError.ShouldBe("answered 404");
        letter.Event.Body.IsEmpty.ShouldBeFalse();
        letter.Event.Attempts.ShouldHaveSingleItem().Result.ShouldBe(AttemptResult.PermanentStatus);
    }

    [Fact]
    public async Task Pending_and_processed_events_have_no_dead_letter()
    {
        await AddAsync();
        await SettleAsync(AttemptOutcomeKind.Completed);
        await AddAsync();
        await SettleAsync(AttemptOutcomeKind.RetryScheduled);
        await AddAsync();
        await SettleAsync(AttemptOutcomeKind.Released);

        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_way_to_fail_writes_a_dead_letter()
    {
        var unreadable = AcceptedEvent.Quarantined([1, 2], new Defect(FailureReason.Unreadable, "no JSON"),
            _store.Time.GetUtcNow());
        await _store.Events.AddAsync([unreadable]);
        var forgotten = await AddAsync();
        _store.Time.Advance(TimeSpan.FromDays(1));
        await _store.Events.FailOverdueAsync(TimeSpan.FromDays(1), "no response");
        var poisonous = await AddAsync();
        for (var abandoned = 1; abandoned <= 10; abandoned++)
            await AbandonAsync(abandoned > 5 ? ClaimOrder.Isolated : ClaimOrder.Oldest);

        (await ClaimAsync()).Select(letter => (letter.Event.Key, letter.Event.Outcome)).ShouldBe(
            [(unreadable.Key, FailureReasonText.Unreadable), (forgotten, FailureReasonText.DeadlineExceeded),
                (poisonous, FailureReasonText.Poison)], ignoreOrder: true);
    }

    [Fact]
    public async Task Claim_takes_the_oldest_letters_first_up_to_the_limit()
    {
        var failed = new List<EventKey>();
        for (; failed.Count < 3; _store.Time.Advance(Tick)) failed.Add(await FailAsync());

        (await ClaimAsync(limit: 2)).Select(letter => letter.Event.Key).ShouldBe(failed[..2], ignoreOrder: true);
        (await ClaimAsync(limit: 2)).ShouldHaveSingleItem().Event.Key.ShouldBe(failed[2]);
    }

    [Fact]
    public async Task Claimed_letter_is_due_again_when_its_lease_ends()
    {
        await FailAsync();
        await ClaimAsync();

        _store.Time.Advance(Lease - Tick);
        (await ClaimAsync()).ShouldBeEmpty();

        _store.Time.Advance(Tick);
        (await ClaimAsync()).ShouldHaveSingleItem().IsCopied.ShouldBeFalse();
    }

    [Fact]
    public async Task Published_copy_is_remembered_until_the_letter_is_cleared()
    {
        await FailAsync();
        await _outbox().MarkCopiedAsync(await ClaimAsync());
        await _store.ReopenAsync();
        _store.Time.Advance(Lease);

        var letters = await ClaimAsync();

        letters.ShouldHaveSingleItem().IsCopied.ShouldBeTrue();
        await _outbox().ClearAsync(letters);
        _store.Time.Advance(Lease);
        (await ClaimAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Replay_does_not_remove_the_letter()
    {
        var key = await FailAsync();
        await _store.Events.RequeueAsync([key], "mira");

        (await ClaimAsync()).ShouldHaveSingleItem().Generation.ShouldBe(1);
    }

    [Fact]
    public async Task Letter_of_a_later_generation_stays_due()
    {
        var key = await FailAsync();
        var ofTheFirst = await ClaimAsync();
        await _store.Events.RequeueAsync([key], "mira");
        await SettleAsync(AttemptOutcomeKind.Failed);

        await _outbox().MarkCopiedAsync(ofTheFirst);
        await _outbox().ClearAsync(ofTheFirst);

        var letter = (await ClaimAsync()).ShouldHaveSingleItem();
        letter.Generation.ShouldBe(2);
        letter.IsCopied.ShouldBeFalse();
    }

    [Fact]
    public async Task Parallel_claimers_never_share_a_letter()
    {
        for (var i = 0; i < 30; i++) await FailAsync();

        var batches = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => ClaimAsync(limit: 7))));

        batches.SelectMany(batch => batch).Select(letter => letter.Event.Key).ShouldBeUnique();
    }

    [Fact]
    public async Task Empty_outbox_returns_no_letters()
    {
        (await ClaimAsync()).ShouldBeEmpty();
        await _outbox().MarkCopiedAsync([]);
        await _outbox().ClearAsync([]);
    }

    private Task<IReadOnlyList<DeadLetter>> ClaimAsync(int limit = 100) => _outbox().ClaimAsync(limit, Lease);

    private async Task<EventKey> AddAsync()
    {
        var e = _newEvents.Next();
        await _store.Events.AddAsync([e]);
        return e.Key;
    }

    private async Task<EventKey> FailAsync()
    {
        var key = await AddAsync();
        await SettleAsync(AttemptOutcomeKind.Failed);
        return key;
    }

    private async Task AbandonAsync(ClaimOrder order)
    {
        (await _store.Events.ClaimDueAsync(new ClaimRequest(1, order, Lease))).Events.ShouldHaveSingleItem();
        _store.Time.Advance(Lease);
        await _store.Events.ClaimDueAsync(new ClaimRequest(1, order, Lease));
        _store.Time.Advance(TimeSpan.FromSeconds(60));
    }

    private async Task SettleAsync(AttemptOutcomeKind end)
    {
        var batch = await _store.Events.ClaimDueAsync(new ClaimRequest(1, ClaimOrder.Oldest, Lease));
        var claimed = batch.Events.ShouldHaveSingleItem();
        var outcome = new AttemptOutcome
        {
            Key = claimed.Event.Key, Token = claimed.Token, Kind = end, IsCounted = true, Wait = TimeSpan.FromDays(9),
            Reason = end == AttemptOutcomeKind.Failed ? FailureReason.RejectedByRouter : null, Error = "answered 404",
            Record = new AttemptRecord(
                claimed.Event.Generation, 1, claimed.ClaimedAt, 5, AttemptResult.PermanentStatus, "answered 404"),
        };
        (await _store.Events.SaveOutcomesAsync([outcome])).ShouldBe([true]);
    }
}
