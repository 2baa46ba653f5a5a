using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Contracts.EventRepository;

public abstract partial class EventRepositoryContract
{
    [Fact]
    [Trait("Defect", "R5")]
    [Trait("Defect", "S2")]
    public async Task Completed_event_has_its_route_and_the_time()
    {
        var key = (await AddNewAsync()).Key;
        var claimed = await ClaimOneAsync();
        _store.Time.Advance(TimeSpan.FromSeconds(2));

        (await SaveAsync(Processed(claimed))).ShouldBeTrue();
        await _store.ReopenAsync();

        var e = await FindAsync(key);
        e.Status.ShouldBe(EventStatus.Processed);
        e.ProcessedAt.ShouldBe(_store.Time.GetUtcNow());
        e.Outcome.ShouldBe(EventOutcome.Routed);
        e.RouteId.ShouldBe("RoID-7");
        e.LastError.ShouldBeNull();
        e.DueAt.ShouldBeNull();
        e.AttemptsSpent.ShouldBe(1);
        e.Attempts.ShouldHaveSingleItem().ShouldBe(Record(claimed, AttemptResult.Routed));
    }

    [Fact]
    [Trait("Defect", "B21")]
    [Trait("Defect", "S2")]
    public async Task Failed_event_has_its_reason_and_no_processing_time()
    {
        var e = await FindAsync((await AddFailedAsync()).Key);

        e.Status.ShouldBe(EventStatus.Failed);
        e.ProcessedAt.ShouldBeNull();
        e.Outcome.ShouldBe(FailureReasonText.RejectedByRouter);
        e.LastError.ShouldBe("answered 404");
        e.RouteId.ShouldBeNull();
        e.DueAt.ShouldBeNull();
        e.AttemptsSpent.ShouldBe(1);
    }

    [Fact]
    [Trait("Defect", "B22")]
    public async Task Event_with_a_scheduled_retry_is_pending()
    {
        var key = (await AddNewAsync()).Key;

        (await SaveAsync(Retry(await ClaimOneAsync(), TimeSpan.FromSeconds(2)))).ShouldBeTrue();

        var e = await FindAsync(key);
        e.Status.ShouldBe(EventStatus.Pending);
        e.DueAt.ShouldBe(_store.Time.GetUtcNow() + TimeSpan.FromSeconds(2));
        e.LastError.ShouldBe("no answer");
        e.Outcome.ShouldBeNull();
        e.ProcessedAt.ShouldBeNull();
        e.AttemptsSpent.ShouldBe(1);
        e.Attempts.ShouldHaveSingleItem().Result.ShouldBe(AttemptResult.TimedOut);
    }

    [Fact]
    public async Task Released_event_waits_and_nothing_is_counted()
    {
        var key = (await AddNewAsync()).Key;
        await SaveAsync(Retry(await ClaimOneAsync(), TimeSpan.Zero));
        var before = await FindAsync(key);
        _store.Time.Advance(Tick);

        (await SaveAsync(Released(await ClaimOneAsync(), TimeSpan.FromSeconds(1)))).ShouldBeTrue();

        var after = await FindAsync(key);
        after.DueAt.ShouldBe(_store.Time.GetUtcNow() + TimeSpan.FromSeconds(1));
        after.Attempts.ShouldBe(before.Attempts);
        (after with { DueAt = before.DueAt, Attempts = before.Attempts, Body = before.Body }).ShouldBe(before);
    }

    [Fact]
    public async Task Attempt_that_was_cut_off_is_in_the_history()
    {
        var key = (await AddNewAsync()).Key;
        var claimed = await ClaimOneAsync();

        await SaveAsync(Released(claimed, TimeSpan.Zero) with { Record = Record(claimed, AttemptResult.Abandoned) });

        var e = await FindAsync(key);
        e.Attempts.ShouldHaveSingleItem().Result.ShouldBe(AttemptResult.Abandoned);
        e.AttemptsSpent.ShouldBe(0);
        e.FirstAttemptAt.ShouldBeNull();
    }

    [Fact]
    public async Task Lost_claim_does_not_affect_the_other_outcomes_of_the_group()
    {
        await AddOneByOneAsync(3);
        var claimed = (await ClaimAsync()).Events;

        var written = await _store.Events.SaveOutcomesAsync(
            [Processed(claimed[0]), Failed(claimed[1]) with { Token = Guid.NewGuid() }, Processed(claimed[2])]);

        written.ShouldBe([true, false, true]);
        (await FindAsync(claimed[0].Event.Key)).Status.ShouldBe(EventStatus.Processed);
        (await FindAsync(claimed[2].Event.Key)).Status.ShouldBe(EventStatus.Processed);
        var untouched = await FindAsync(claimed[1].Event.Key);
        untouched.Status.ShouldBe(EventStatus.Pending);
        untouched.Attempts.ShouldBeEmpty();
        (await SaveAsync(Processed(claimed[1]))).ShouldBeTrue();
    }

    [Fact]
    public async Task Outcome_is_written_once_for_each_claim()
    {
        var key = (await AddNewAsync()).Key;
        var claimed = await ClaimOneAsync();

        (await SaveAsync(Processed(claimed))).ShouldBeTrue();
        (await SaveAsync(Processed(claimed))).ShouldBeFalse();

        (await FindAsync(key)).AttemptsSpent.ShouldBe(1);
    }

    [Fact]
    public async Task Each_event_of_a_claim_is_saved_separately()
    {
        await AddOneByOneAsync(2);
        var claimed = (await ClaimAsync()).Events;

        (await SaveAsync(Processed(claimed[0]))).ShouldBeTrue();

        (await FindAsync(claimed[1].Event.Key)).Status.ShouldBe(EventStatus.Pending);
        (await SaveAsync(Failed(claimed[1]))).ShouldBeTrue();
    }

    [Fact]
    public async Task History_keeps_the_last_50_attempts()
    {
        var key = (await AddNewAsync()).Key;
        for (var number = 1; number <= 53; number++) await SaveAsync(Retry(await ClaimOneAsync(), TimeSpan.Zero));

        var e = await FindAsync(key);

        e.AttemptsSpent.ShouldBe(53);
        e.Attempts.Select(record => record.Number).ShouldBe(Enumerable.Range(4, 50));
        await ClaimOneAsync();
        _store.Time.Advance(Lease);
        await ClaimAsync();
        (await FindAsync(key)).Attempts.ShouldSatisfyAllConditions(
            history => history.Count.ShouldBe(50), history => history[^1].Result.ShouldBe(AttemptResult.Abandoned));
    }

    [Fact]
    public async Task All_calls_are_tries_and_the_first_failed_one_is_remembered()
    {
        var e = await AddNewAsync();
        await SaveAsync(Released(await ClaimOneAsync(), TimeSpan.Zero));
        (await FindAsync(e.Key)).ShouldSatisfyAllConditions(
            found => found.Tries.ShouldBe(0), found => found.FirstAttemptAt.ShouldBeNull(),
            found => found.FirstFailedAt.ShouldBeNull());
        _store.Time.Advance(TimeSpan.FromMinutes(1));
        var first = _store.Time.GetUtcNow();
        await SaveAsync(Retry(await ClaimOneAsync(), TimeSpan.Zero) with { IsCounted = false });
        _store.Time.Advance(TimeSpan.FromMinutes(1));
        await SaveAsync(Failed(await ClaimOneAsync()));

        var failed = await FindAsync(e.Key);
        (failed.Tries, failed.AttemptsSpent, failed.FirstAttemptAt, failed.FirstFailedAt).ShouldBe((2, 1, first, first));
        await _store.Events.RequeueAsync([e.Key], "mira");
        var again = await FindAsync(e.Key);
        (again.Tries, again.AttemptsSpent, again.FirstAttemptAt, again.FirstFailedAt).ShouldBe((0, 0, null, null));
    }

    [Fact]
    public async Task Routed_call_is_a_try_without_a_failure()
    {
        var e = await AddNewAsync();

        await SaveAsync(Processed(await ClaimOneAsync()));

        var found = await FindAsync(e.Key);
        (found.Tries, found.FirstAttemptAt, found.FirstFailedAt).ShouldBe((1, _store.Time.GetUtcNow(), null));
    }

    [Fact]
    public async Task Answer_is_in_the_history()
    {
        var key = (await AddNewAsync()).Key;
        var claimed = await ClaimOneAsync();
        var answer = new AttemptAnswer(503, "Server: nginx\nRetry-After: 4", "{\"error\":\"$down\"}");

        var record = Record(claimed, AttemptResult.TransientStatus) with { Answer = answer, Url = "http://routing/route" };
        await SaveAsync(Failed(claimed) with { Record = record });

        var attempt = (await FindAsync(key)).Attempts.ShouldHaveSingleItem();
        (attempt.Answer, attempt.Url).ShouldBe((answer, "http://routing/route"));
    }
}
