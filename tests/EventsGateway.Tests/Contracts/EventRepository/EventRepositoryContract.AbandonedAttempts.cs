using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.EventRepository;

public abstract partial class EventRepositoryContract
{
    [Fact]
    public async Task Expired_claim_is_an_abandoned_attempt_in_the_history()
    {
        var key = (await AddNewAsync()).Key;
        var claimedAt = (await ClaimOneAsync()).ClaimedAt;

        _store.Time.Advance(Lease);
        await ClaimAsync();

        var e = await FindAsync(key);
        e.Status.ShouldBe(EventStatus.Pending);
        e.AbandonedAttempts.ShouldBe(1);
        e.AttemptsSpent.ShouldBe(0);
        e.FirstAttemptAt.ShouldBeNull();
        e.Attempts.ShouldHaveSingleItem()
            .ShouldBe(
                new AttemptRecord(Generation: 1, Number: 1, claimedAt, DurationMs: null, AttemptResult.Abandoned, Error: null));
    }

    [Fact]
    public async Task Full_claims_do_not_delay_the_expiry_of_others()
    {
        var added = await AddOneByOneAsync(4);
        await ClaimAsync(limit: 1);
        (await ClaimAsync(limit: 1)).Events.ShouldHaveSingleItem();

        _store.Time.Advance(Lease);
        (await ClaimAsync(limit: 1)).Events.ShouldHaveSingleItem().Event.Key.ShouldBe(added[2].Key);

        (await FindAsync(added[0].Key)).AbandonedAttempts.ShouldBe(1);
        (await FindAsync(added[1].Key)).AbandonedAttempts.ShouldBe(1);
    }

    [Fact]
    public async Task Wait_grows_with_each_abandoned_attempt_and_the_tenth_fails_the_event()
    {
        var key = (await AddNewAsync()).Key;
        int[] waits = [1, 2, 4, 8, 16, 32, 60, 60, 60];
        foreach (var (wait, before) in waits.Select((seconds, before) => (TimeSpan.FromSeconds(seconds), before)))
        {
            await ClaimOneAsync(before < 5 ? ClaimOrder.Oldest : ClaimOrder.Isolated);
            _store.Time.Advance(Lease);
            var batch = await ClaimAsync();
            batch.NextDueIn.ShouldBe(wait);
            batch.Poisoned.ShouldBeEmpty();
            (await FindAsync(key)).AbandonedAttempts.ShouldBe(before + 1);
            _store.Time.Advance(wait);
        }

        await ClaimOneAsync(ClaimOrder.Isolated);
        _store.Time.Advance(Lease);
        var last = await ClaimAsync();

        last.Poisoned.ShouldBe([new FailedEvent(key, CanonicalEvent.BuiltInSource)]);
        last.NextDueIn.ShouldBeNull();
        var e = await FindAsync(key);
        e.Status.ShouldBe(EventStatus.Failed);
        e.Outcome.ShouldBe(FailureReasonText.Poison);
        e.LastError.ShouldNotBeNullOrEmpty();
        e.DueAt.ShouldBeNull();
        e.ProcessedAt.ShouldBeNull();
        e.Attempts.Count.ShouldBe(10);
        (await ClaimAsync()).Poisoned.ShouldBeEmpty();
    }

    [Fact]
    public async Task Event_is_only_claimed_in_isolation_from_the_fifth_abandoned_attempt_on()
    {
        await AddNewAsync();
        await AbandonUntilIsolatedAsync();
        await AddNewAsync();

        var beside = await ClaimAsync();

        beside.IsolatedDue.ShouldBeTrue();
        beside.Events.ShouldHaveSingleItem().Event.AbandonedAttempts.ShouldBe(0);
        (await ClaimAsync(order: ClaimOrder.Random)).Events.ShouldBeEmpty();
        (await ClaimOneAsync(ClaimOrder.Isolated)).Event.AbandonedAttempts.ShouldBe(5);
        (await ClaimAsync()).IsolatedDue.ShouldBeFalse();
    }

    [Fact]
    public async Task Isolated_event_of_an_excepted_merchant_is_not_reported_as_due()
    {
        var e = await AddNewAsync();
        await AbandonUntilIsolatedAsync();
        var request = new ClaimRequest(1, ClaimOrder.Oldest, Lease);

        (await _store.Events.ClaimDueAsync(request with { Except = [new(null, e.MerchantId)] })).IsolatedDue.ShouldBeFalse();
        (await _store.Events.ClaimDueAsync(request with { Except = [new(null, "another")] })).IsolatedDue.ShouldBeTrue();
    }

    [Fact]
    public async Task Event_is_not_isolated_before_the_fifth_abandoned_attempt()
    {
        await AddNewAsync();
        for (var abandoned = 1; abandoned <= 4; abandoned++)
        {
            await AbandonAsync(ClaimOrder.Oldest);
            _store.Time.Advance(TimeSpan.FromSeconds(60));
        }

        (await ClaimAsync(order: ClaimOrder.Isolated)).ShouldSatisfyAllConditions(
            batch => batch.Events.ShouldBeEmpty(), batch => batch.IsolatedDue.ShouldBeFalse());
        (await ClaimOneAsync()).Event.AbandonedAttempts.ShouldBe(4);
    }

    [Fact]
    public async Task Isolated_event_is_not_due_before_its_wait_ends()
    {
        await AddNewAsync();
        await AbandonUntilIsolatedAsync();
        await ClaimOneAsync(ClaimOrder.Isolated);
        _store.Time.Advance(Lease);

        (await ClaimAsync(order: ClaimOrder.Isolated)).ShouldSatisfyAllConditions(
            batch => batch.Events.ShouldBeEmpty(), batch => batch.IsolatedDue.ShouldBeFalse());
    }

    [Fact]
    public async Task Outcome_resets_the_abandoned_attempts()
    {
        var key = (await AddNewAsync()).Key;
        await AbandonUntilIsolatedAsync();

        await SaveAsync(Retry(await ClaimOneAsync(ClaimOrder.Isolated), TimeSpan.Zero));

        (await FindAsync(key)).AbandonedAttempts.ShouldBe(0);
        (await ClaimOneAsync()).Event.Key.ShouldBe(key);
    }

    [Fact]
    public async Task Release_keeps_the_abandoned_attempts()
    {
        var key = (await AddNewAsync()).Key;
        await AbandonUntilIsolatedAsync();

        await SaveAsync(Released(await ClaimOneAsync(ClaimOrder.Isolated), TimeSpan.Zero));

        (await FindAsync(key)).AbandonedAttempts.ShouldBe(5);
    }

    [Fact]
    public async Task Worker_that_lost_its_claim_writes_nothing()
    {
        var key = (await AddNewAsync()).Key;
        var lost = await ClaimOneAsync();
        _store.Time.Advance(Lease);
        await ClaimAsync();
        _store.Time.Advance(TimeSpan.FromSeconds(1));
        var holder = await ClaimOneAsync();

        (await SaveAsync(Failed(lost))).ShouldBeFalse();
        (await SaveAsync(Processed(holder))).ShouldBeTrue();

        var e = await FindAsync(key);
        e.Status.ShouldBe(EventStatus.Processed);
        e.LastError.ShouldBeNull();
        e.AttemptsSpent.ShouldBe(1);
        e.Attempts.Select(record => record.Result).ShouldBe([AttemptResult.Abandoned, AttemptResult.Routed]);
    }
}
