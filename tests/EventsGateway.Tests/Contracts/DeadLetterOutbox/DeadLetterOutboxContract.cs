using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.DeadLetterOutbox;

/// <summary>Every failure is told to the outside, at least once, whatever happens in between.</summary>
public abstract class DeadLetterOutboxContract : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly StoreHarness _store;
    private readonly Func<IDeadLetterOutbox> _outbox;
    private readonly AcceptedEvents _couriers;

    private protected DeadLetterOutboxContract(StoreHarness store, Func<IDeadLetterOutbox> outbox)
        => (_store, _outbox, _couriers) = (store, outbox, new AcceptedEvents(store.Time));

    public ValueTask InitializeAsync() => _store.OpenAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_failed_event_is_told_with_its_reason_and_its_history()
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
    public async Task What_is_pending_or_processed_is_not_told()
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
    public async Task Whoever_gives_an_event_up_it_is_told()
    {
        var unreadable = AcceptedEvent.Quarantined([1, 2], new Defect(FailureReason.Unreadable, "no JSON"), _store.Time.GetUtcNow());
        await _store.Events.AddAsync([unreadable]);
        var forgotten = await AddAsync();
        _store.Time.Advance(TimeSpan.FromDays(1));
        await _store.Events.FailOverdueAsync(TimeSpan.FromDays(1), "nobody answers");
        var poisonous = await AddAsync();
        for (var interruption = 1; interruption <= 10; interruption++) await InterruptAsync(interruption > 5 ? ClaimOrder.Isolated : ClaimOrder.Oldest);

        (await ClaimAsync()).Select(letter => (letter.Event.Key, letter.Event.Outcome)).ShouldBe(
            [(unreadable.Key, FailureReasonText.Unreadable), (forgotten, FailureReasonText.DeadlineExceeded), (poisonous, FailureReasonText.Poison)], ignoreOrder: true);
    }

    [Fact]
    public async Task The_oldest_failures_are_told_first_and_no_more_than_asked()
    {
        var failed = new List<EventKey>();
        for (; failed.Count < 3; _store.Time.Advance(Tick)) failed.Add(await FailAsync());

        (await ClaimAsync(limit: 2)).Select(letter => letter.Event.Key).ShouldBe(failed[..2], ignoreOrder: true);
        (await ClaimAsync(limit: 2)).ShouldHaveSingleItem().Event.Key.ShouldBe(failed[2]);
    }

    [Fact]
    public async Task What_was_claimed_and_not_cleared_is_due_again_when_the_lease_ends()
    {
        await FailAsync();
        await ClaimAsync();

        _store.Time.Advance(Lease - Tick);
        (await ClaimAsync()).ShouldBeEmpty();

        _store.Time.Advance(Tick);
        (await ClaimAsync()).ShouldHaveSingleItem().IsCopied.ShouldBeFalse();
    }

    [Fact]
    public async Task A_copy_that_is_out_is_remembered_until_the_rest_is_told()
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
    public async Task A_replay_does_not_take_back_what_has_to_be_told()
    {
        var key = await FailAsync();
        await _store.Events.RequeueAsync([key], "mira");

        (await ClaimAsync()).ShouldHaveSingleItem().Generation.ShouldBe(1);
    }

    [Fact]
    public async Task A_later_life_that_failed_meanwhile_stays_due()
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
    public async Task Nothing_due_is_nothing_to_do()
    {
        (await ClaimAsync()).ShouldBeEmpty();
        await _outbox().MarkCopiedAsync([]);
        await _outbox().ClearAsync([]);
    }

    private Task<IReadOnlyList<DeadLetter>> ClaimAsync(int limit = 100) => _outbox().ClaimAsync(limit, Lease);

    private async Task<EventKey> AddAsync()
    {
        var e = _couriers.Next();
        await _store.Events.AddAsync([e]);
        return e.Key;
    }

    private async Task<EventKey> FailAsync()
    {
        var key = await AddAsync();
        await SettleAsync(AttemptOutcomeKind.Failed);
        return key;
    }

    private async Task InterruptAsync(ClaimOrder order)
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
            Record = new AttemptRecord(claimed.Event.Generation, 1, claimed.ClaimedAt, 5, AttemptResult.PermanentStatus, "answered 404"),
        };
        (await _store.Events.SaveOutcomesAsync([outcome])).ShouldBe([true]);
    }
}
