using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.EventRepository;

public abstract partial class EventRepositoryContract
{
    [Fact]
    public async Task A_claim_that_ran_out_is_an_interruption_told_in_the_history()
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
            .ShouldBe(new AttemptRecord(Generation: 1, Number: 1, claimedAt, DurationMs: null, AttemptResult.Abandoned, Error: null));
    }

    [Fact]
    public async Task Claims_that_are_always_filled_do_not_hide_one_that_ran_out()
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
    public async Task Interruptions_rest_longer_each_time_and_the_tenth_ends_the_event()
    {
        var key = (await AddNewAsync()).Key;
        int[] rests = [1, 2, 4, 8, 16, 32, 60, 60, 60];
        foreach (var (rest, before) in rests.Select((seconds, before) => (TimeSpan.FromSeconds(seconds), before)))
        {
            await ClaimOneAsync(before < 5 ? ClaimOrder.Oldest : ClaimOrder.Isolated);
            _store.Time.Advance(Lease);
            var batch = await ClaimAsync();
            batch.NextDueIn.ShouldBe(rest);
            batch.Poisoned.ShouldBeEmpty();
            (await FindAsync(key)).AbandonedAttempts.ShouldBe(before + 1);
            _store.Time.Advance(rest);
        }

        await ClaimOneAsync(ClaimOrder.Isolated);
        _store.Time.Advance(Lease);
        var last = await ClaimAsync();

        last.Poisoned.ShouldBe([key]);
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
    public async Task From_the_fifth_interruption_on_an_event_is_only_claimed_alone()
    {
        await AddNewAsync();
        await InterruptUntilAloneAsync();
        await AddNewAsync();

        var beside = await ClaimAsync();

        beside.IsolatedDue.ShouldBeTrue();
        beside.Events.ShouldHaveSingleItem().Event.AbandonedAttempts.ShouldBe(0);
        (await ClaimAsync(order: ClaimOrder.Newest)).Events.ShouldBeEmpty();
        (await ClaimOneAsync(ClaimOrder.Isolated)).Event.AbandonedAttempts.ShouldBe(5);
        (await ClaimAsync()).IsolatedDue.ShouldBeFalse();
    }

    [Fact]
    public async Task Until_the_fifth_interruption_nothing_is_claimed_alone()
    {
        await AddNewAsync();
        for (var interruption = 1; interruption <= 4; interruption++)
        {
            await InterruptAsync(ClaimOrder.Oldest);
            _store.Time.Advance(TimeSpan.FromSeconds(60));
        }

        (await ClaimAsync(order: ClaimOrder.Isolated)).ShouldSatisfyAllConditions(
            batch => batch.Events.ShouldBeEmpty(), batch => batch.IsolatedDue.ShouldBeFalse());
        (await ClaimOneAsync()).Event.AbandonedAttempts.ShouldBe(4);
    }

    [Fact]
    public async Task An_event_that_rests_is_not_yet_due_alone()
    {
        await AddNewAsync();
        await InterruptUntilAloneAsync();
        await ClaimOneAsync(ClaimOrder.Isolated);
        _store.Time.Advance(Lease);

        (await ClaimAsync(order: ClaimOrder.Isolated)).ShouldSatisfyAllConditions(
            batch => batch.Events.ShouldBeEmpty(), batch => batch.IsolatedDue.ShouldBeFalse());
    }

    [Fact]
    public async Task An_outcome_sets_the_interruptions_back_to_none()
    {
        var key = (await AddNewAsync()).Key;
        await InterruptUntilAloneAsync();

        await SaveAsync(Retry(await ClaimOneAsync(ClaimOrder.Isolated), TimeSpan.Zero));

        (await FindAsync(key)).AbandonedAttempts.ShouldBe(0);
        (await ClaimOneAsync()).Event.Key.ShouldBe(key);
    }

    [Fact]
    public async Task A_release_leaves_the_interruptions_as_they_are()
    {
        var key = (await AddNewAsync()).Key;
        await InterruptUntilAloneAsync();

        await SaveAsync(Released(await ClaimOneAsync(ClaimOrder.Isolated), TimeSpan.Zero));

        (await FindAsync(key)).AbandonedAttempts.ShouldBe(5);
    }

    [Fact]
    public async Task A_worker_that_lost_its_claim_writes_nothing()
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
