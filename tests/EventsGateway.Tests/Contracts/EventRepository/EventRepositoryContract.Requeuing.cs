using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.EventRepository;

public abstract partial class EventRepositoryContract
{
    [Fact]
    [Trait("Defect", "B4")]
    public async Task Resubmission_of_a_failed_event_begins_a_new_generation()
    {
        var e = await AddFailedAsync();
        _store.Time.Advance(TimeSpan.FromHours(1));

        (await AddAsync(AcceptedEvents.Resent(e) with { Body = "other"u8.ToArray() }))
            .ShouldBe(new AddedEvent(AddResult.Requeued, BodyDiffers: true));

        await ShouldHaveBegunASecondLifeAsync(e);
    }

    [Fact]
    public async Task Redelivery_of_a_failed_event_keeps_it_failed()
    {
        var e = await AddFailedAsync();

        (await AddAsync(e)).Result.ShouldBe(AddResult.Duplicate);

        (await FindAsync(e.Key)).Status.ShouldBe(EventStatus.Failed);
    }

    [Fact]
    public async Task First_and_last_31_acceptances_are_remembered()
    {
        var first = await AddNewAsync();
        var resent = Enumerable.Range(0, 32).Select(_ => AcceptedEvents.Resent(first)).ToArray();
        await _store.Events.AddAsync(resent);
        await SaveAsync(Failed(await ClaimOneAsync()));

        (await _store.Events.AddAsync([first, .. resent[1..]])).ShouldAllBe(answer => answer.Result == AddResult.Duplicate);
        (await FindAsync(first.Key)).Status.ShouldBe(EventStatus.Failed);
        (await AddAsync(resent[0])).Result.ShouldBe(AddResult.Requeued);
    }

    [Fact]
    public async Task Resubmission_requeues_once_however_often_it_is_delivered()
    {
        var e = await AddFailedAsync();
        var resent = AcceptedEvents.Resent(e);
        (await AddAsync(resent)).Result.ShouldBe(AddResult.Requeued);
        await SaveAsync(Failed(await ClaimOneAsync()));

        (await AddAsync(resent)).Result.ShouldBe(AddResult.Duplicate);

        (await FindAsync(e.Key)).ShouldSatisfyAllConditions(
            stored => stored.Status.ShouldBe(EventStatus.Failed), stored => stored.Generation.ShouldBe(2));
    }

    [Fact]
    public async Task Resubmission_of_a_processed_event_changes_nothing()
    {
        var e = await AddNewAsync();
        await SaveAsync(Processed(await ClaimOneAsync()));

        (await AddAsync(AcceptedEvents.Resent(e))).Result.ShouldBe(AddResult.Duplicate);

        (await FindAsync(e.Key)).ShouldSatisfyAllConditions(
            stored => stored.Status.ShouldBe(EventStatus.Processed), stored => stored.Generation.ShouldBe(1));
    }

    [Fact]
    public async Task Replay_by_keys_takes_only_failed_events()
    {
        var failed = await AddFailedAsync();
        await AddNewAsync();
        await SaveAsync(Processed(await ClaimOneAsync()));
        var pending = await AddNewAsync();
        var processed = (
            await _store.Queries.ListAsync(new EventFilter { Status = EventStatus.Processed }, null, 10, CancellationToken.None))
            .ShouldHaveSingleItem();
        _store.Time.Advance(TimeSpan.FromHours(1));

        var replay = await _store.Events.RequeueAsync(
            [failed.Key, pending.Key, processed.Key, new EventKey("dhl", "unknown"), failed.Key], "mira");

        replay.Replayed.ShouldBe(1);
        await ShouldHaveBegunASecondLifeAsync(failed);
        (await FindAsync(pending.Key)).Generation.ShouldBe(1);
        (await FindAsync(processed.Key)).Status.ShouldBe(EventStatus.Processed);
    }

    [Fact]
    public async Task Replay_takes_late_events_by_key_and_by_a_filter_that_names_them()
    {
        var late = new List<AcceptedEvent>();
        for (var i = 0; i < 3; i++)
        {
            late.Add(await AddNewAsync());
            await SaveAsync(Processed(await ClaimOneAsync()) with { RouteId = null });
        }

        await AddNewAsync();
        await SaveAsync(Processed(await ClaimOneAsync()));
        _store.Time.Advance(TimeSpan.FromHours(1));

        (await _store.Events.RequeueAsync(new EventFilter(), 10, "mira")).Replayed.ShouldBe(0);
        (await _store.Events.RequeueAsync([late[0].Key], "mira")).Replayed.ShouldBe(1);
        (await _store.Events.RequeueAsync(new EventFilter { Outcome = EventOutcome.Late }, 1, "mira"))
            .ShouldBe(new ReplayResult(1, 1, _store.Time.GetUtcNow()));
        (await _store.Events.RequeueAsync(
            new EventFilter { Outcome = EventOutcome.Late, Status = EventStatus.Processed }, 10, "mira")).Replayed.ShouldBe(1);

        foreach (var e in late)
        {
            (await FindAsync(e.Key)).ShouldSatisfyAllConditions(
                stored => stored.Status.ShouldBe(EventStatus.Pending), stored => stored.Outcome.ShouldBeNull(),
                stored => stored.ProcessedAt.ShouldBeNull(), stored => stored.Generation.ShouldBe(2));
        }

        var counts = await _store.Queries.CountAsync(CancellationToken.None);
        (counts.Pending, counts.Processed, counts.Failed).ShouldBe((3, 1, 0));
    }

    [Fact]
    public async Task Resubmission_of_a_late_event_changes_nothing()
    {
        var e = await AddNewAsync();
        await SaveAsync(Processed(await ClaimOneAsync()) with { RouteId = null });

        (await AddAsync(AcceptedEvents.Resent(e))).Result.ShouldBe(AddResult.Duplicate);

        (await FindAsync(e.Key)).Status.ShouldBe(EventStatus.Processed);
    }

    [Fact]
    public async Task Replay_by_filter_takes_the_oldest_and_returns_how_many_remain()
    {
        var failed = await AddFailedOfOneCompanyAsync(5);
        var other = _newEvents.Next() with { Key = new EventKey("fedex", "1") };
        await AddAsync(other);
        await SaveAsync(Failed(await ClaimOneAsync()));

        var replay = await _store.Events.RequeueAsync(new EventFilter { ShippingCompanyId = "dhl" }, atMost: 2, "mira");

        replay.ShouldBe(new ReplayResult(Replayed: 2, Remaining: 3, _store.Time.GetUtcNow()));
        foreach (var (e, index) in failed.Select((e, index) => (e, index)))
            (await FindAsync(e.Key)).Status.ShouldBe(index < 2 ? EventStatus.Pending : EventStatus.Failed);
        (await FindAsync(other.Key)).Status.ShouldBe(EventStatus.Failed);
    }

    [Fact]
    public async Task Replay_of_an_event_id_takes_that_of_every_company_and_no_other()
    {
        foreach (var company in new[] { "dhl", "fedex", "ups" })
        {
            await AddAsync(_newEvents.Next() with { Key = new EventKey(company, company == "ups" ? "8" : "7") });
            await SaveAsync(Failed(await ClaimOneAsync()));
            _store.Time.Advance(Tick);
        }

        (await _store.Events.RequeueAsync(new EventFilter { EventId = "7" }, atMost: 1, "mira"))
            .ShouldBe(new ReplayResult(1, 1, _store.Time.GetUtcNow()));
        (await _store.Events.RequeueAsync(
            new EventFilter { EventId = "7", ShippingCompanyId = "fedex" }, atMost: 10, "mira")).Replayed.ShouldBe(1);
        (await _store.Events.RequeueAsync(new EventFilter { EventId = "7" }, atMost: 10, "mira")).Remaining.ShouldBe(0);
        (await FindAsync(new EventKey("dhl", "7"))).Status.ShouldBe(EventStatus.Pending);
        (await FindAsync(new EventKey("fedex", "7"))).Status.ShouldBe(EventStatus.Pending);
        (await FindAsync(new EventKey("ups", "8"))).Status.ShouldBe(EventStatus.Failed);
    }

    [Fact]
    public async Task Replay_without_conditions_takes_every_failed_event_and_no_other()
    {
        await AddFailedOfOneCompanyAsync(3);
        await AddNewAsync();
        await SaveAsync(Processed(await ClaimOneAsync()));

        (await _store.Events.RequeueAsync(new EventFilter(), atMost: 10_000, "mira"))
            .ShouldBe(new ReplayResult(3, 0, _store.Time.GetUtcNow()));
        (await _store.Events.RequeueAsync(new EventFilter(), atMost: 10_000, "mira"))
            .ShouldBe(new ReplayResult(0, 0, _store.Time.GetUtcNow()));

        (await _store.Queries.CountAsync(CancellationToken.None)).ShouldSatisfyAllConditions(
            counts => counts.Pending.ShouldBe(3), counts => counts.Processed.ShouldBe(1), counts => counts.Failed.ShouldBe(0));
    }

    [Fact]
    public async Task Replay_of_events_that_did_not_fail_replays_nothing()
    {
        await AddNewAsync();

        (await _store.Events.RequeueAsync(
            new EventFilter { Status = EventStatus.Pending }, atMost: 10, "mira")).Replayed.ShouldBe(0);
    }

    [Fact]
    public async Task Replay_in_steps_takes_each_event_once_although_all_fail_again_at_once()
    {
        var failed = await AddFailedOfOneCompanyAsync(5);

        var first = await _store.Events.RequeueAsync(new EventFilter(), atMost: 2, "mira");
        var steps = new List<ReplayResult> { first };
        while (steps[^1].Replayed > 0)
        {
            foreach (var claimed in (await ClaimAsync()).Events) await SaveAsync(Failed(claimed));
            _store.Time.Advance(Tick);
            steps.Add(await _store.Events.RequeueAsync(new EventFilter(), atMost: 2, "mira", first.AsOf));
        }

        steps.Select(step => (step.Replayed, step.Remaining)).ShouldBe([(2, 3), (2, 1), (1, 0), (0, 0)]);
        steps.ShouldAllBe(step => step.AsOf == first.AsOf);
        foreach (var e in failed) (await FindAsync(e.Key)).Generation.ShouldBe(2);
    }

    [Fact]
    public async Task Replay_as_of_a_future_time_ends()
    {
        await AddFailedOfOneCompanyAsync(3);

        (await _store.Events.RequeueAsync(new EventFilter(), atMost: 10, "mira", _store.Time.GetUtcNow().AddDays(1)))
            .ShouldBe(new ReplayResult(3, 0, _store.Time.GetUtcNow()));
    }

    [Fact]
    public async Task Replay_of_one_reason_takes_no_other()
    {
        var failed = await AddFailedOfOneCompanyAsync(1);
        await AddNewAsync();
        await SaveAsync(Failed(await ClaimOneAsync()) with { Reason = FailureReason.Poison, Error = "poison" });
        _store.Time.Advance(Tick);
        var (outcome, error) = ((await FindAsync(failed[0].Key)).Outcome, (await FindAsync(failed[0].Key)).LastError);

        (await _store.Events.RequeueAsync(
            new EventFilter { Outcome = FailureReasonText.ShipmentEnded }, atMost: 10, "mira")).Replayed.ShouldBe(0);
        (await _store.Events.RequeueAsync(
            new EventFilter { Outcome = outcome, LastError = error }, atMost: 10, "mira")).Replayed.ShouldBe(1);
        (await _store.Events.RequeueAsync(new EventFilter { LastError = "poison" }, atMost: 10, "mira")).Replayed.ShouldBe(1);
    }

    [Theory]
    [InlineData("mira")]
    [InlineData("$status")]
    [InlineData("$$REMOVE")]
    public async Task Replay_stores_the_operator_and_a_resubmission_removes_the_name(string name)
    {
        var e = await AddFailedAsync();
        (await FindAsync(e.Key)).RequeuedBy.ShouldBeNull();

        await _store.Events.RequeueAsync([e.Key], name);

        (await FindAsync(e.Key)).RequeuedBy.ShouldBe(name);
        await SaveAsync(Failed(await ClaimOneAsync()));
        await AddAsync(e);
        (await FindAsync(e.Key)).RequeuedBy.ShouldBe(name, "a redelivery begins no generation");
        (await AddAsync(AcceptedEvents.Resent(e))).Result.ShouldBe(AddResult.Requeued);
        (await FindAsync(e.Key)).RequeuedBy.ShouldBeNull();
    }

    [Fact]
    public async Task Replay_by_filter_stores_the_operator_for_every_event_that_it_takes_and_no_other()
    {
        var failed = await AddFailedOfOneCompanyAsync(3);

        await _store.Events.RequeueAsync(new EventFilter(), atMost: 2, "mira");

        foreach (var (e, index) in failed.Select((e, index) => (e, index)))
            (await FindAsync(e.Key)).RequeuedBy.ShouldBe(index < 2 ? "mira" : null);
    }

    [Fact]
    public async Task Replay_at_a_rate_spreads_the_due_times_and_the_next_call_continues_where_it_ended()
    {
        var failed = await AddFailedOfOneCompanyAsync(5);
        var (began, rate) = (_store.Time.GetUtcNow(), new ReplayRate(PerSecond: 2));

        var first = await _store.Events.RequeueAsync(new EventFilter(), atMost: 3, "mira", rate: rate);
        first.ShouldBe(new ReplayResult(3, 2, began, began + Seconds(1.5)));
        _store.Time.Advance(Seconds(0.1));
        (await _store.Events.RequeueAsync(
            new EventFilter(), atMost: 3, "mira", first.AsOf, rate with { From = first.NextDueAt }))
            .ShouldBe(new ReplayResult(2, 0, began, began + Seconds(2.5)));

        (await DueTimesAsync(failed)).ShouldBe([0, 500, 1000, 1500, 2000]);
        (await FindAsync(failed[4].Key)).RequeuedAt.ShouldBe(_store.Time.GetUtcNow());
        (await ClaimAsync()).Events.ShouldHaveSingleItem().Event.Key.ShouldBe(failed[0].Key);

        async Task<IEnumerable<double>> DueTimesAsync(IEnumerable<AcceptedEvent> events)
        {
            var due = new List<double>();
            foreach (var e in events) due.Add(((await FindAsync(e.Key)).DueAt!.Value - began).TotalMilliseconds);
            return due;
        }
    }

    [Fact]
    public async Task Replay_of_keys_at_a_rate_spreads_the_due_times_from_now_where_the_last_call_ended_before()
    {
        var failed = await AddFailedOfOneCompanyAsync(2);
        var began = _store.Time.GetUtcNow();

        (await _store.Events.RequeueAsync([.. failed.Select(e => e.Key)], "mira", new ReplayRate(1, began - Seconds(9))))
            .ShouldBe(new ReplayResult(2, 0, null, began + Seconds(2)));

        (await FindAsync(failed[0].Key)).DueAt.ShouldBe(began);
        (await FindAsync(failed[1].Key)).DueAt.ShouldBe(began + Seconds(1));
    }

    [Fact]
    public async Task Event_of_a_replay_at_a_rate_does_not_age_before_it_is_due()
    {
        await AddFailedOfOneCompanyAsync(2);
        await _store.Events.RequeueAsync(new EventFilter(), atMost: 2, "mira", rate: new ReplayRate(1));
        await SaveAsync(Processed(await ClaimOneAsync()));

        _store.Time.Advance(Seconds(0.5));
        (await _store.Queries.CountAsync(CancellationToken.None)).OldestPending.ShouldBe(TimeSpan.Zero);
        _store.Time.Advance(Seconds(2));
        (await _store.Queries.CountAsync(CancellationToken.None)).OldestPending.ShouldBe(Seconds(1.5));
        await SaveAsync(Retry(await ClaimOneAsync(), TimeSpan.FromHours(1)));
        (await _store.Queries.CountAsync(CancellationToken.None)).OldestPending.ShouldBe(Seconds(2.5));
    }

    [Fact]
    public async Task Replay_of_more_than_a_batch_makes_at_most_so_many_events_due_in_any_second()
    {
        const int perSecond = 7;
        var many = Enumerable.Range(0, 600).Select(_ => _newEvents.Next()).ToArray();
        await _store.Events.AddAsync(many);
        var claimed = (await ClaimAsync(limit: many.Length)).Events;
        await _store.Events.SaveOutcomesAsync([.. claimed.Select(Failed)]);
        _store.Time.Advance(Tick);

        (await _store.Events.RequeueAsync(new EventFilter(), atMost: 10_000, "mira", rate: new ReplayRate(perSecond)))
            .Replayed.ShouldBe(many.Length);

        var stored = await _store.Queries.ListAsync(new EventFilter(), null, many.Length, CancellationToken.None);
        var due = stored.Select(e => e.DueAt!.Value).Order().ToArray();
        due[0].ShouldBe(_store.Time.GetUtcNow());
        due.Skip(perSecond).Zip(due, (later, earlier) => later - earlier).ShouldAllBe(span => span >= Seconds(1));
        (due[^1] - due[0]).ShouldBeLessThan(Seconds((double)many.Length / perSecond));
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private async Task<AcceptedEvent[]> AddFailedOfOneCompanyAsync(int count)
    {
        var failed = new List<AcceptedEvent>();
        for (; failed.Count < count; _store.Time.Advance(Tick))
        {
            var e = _newEvents.Next();
            failed.Add(e with { Key = e.Key with { ShippingCompanyId = "dhl" } });
            await AddAsync(failed[^1]);
            await SaveAsync(Failed(await ClaimOneAsync()));
        }

        return [.. failed];
    }

    private async Task ShouldHaveBegunASecondLifeAsync(AcceptedEvent e)
    {
        var stored = await FindAsync(e.Key);
        stored.Status.ShouldBe(EventStatus.Pending);
        stored.Generation.ShouldBe(2);
        stored.RequeuedAt.ShouldBe(_store.Time.GetUtcNow());
        stored.DueAt.ShouldBe(_store.Time.GetUtcNow());
        stored.AttemptsSpent.ShouldBe(0);
        stored.AbandonedAttempts.ShouldBe(0);
        stored.FirstAttemptAt.ShouldBeNull();
        stored.Outcome.ShouldBeNull();
        stored.LastError.ShouldBeNull();
        stored.ReceivedAt.ShouldBe(e.ReceivedAt);
        stored.Body.ToArray().ShouldBe(e.Body);
        stored.Attempts.ShouldHaveSingleItem().Generation.ShouldBe(1);
        var claimed = (await ClaimAsync()).Events.Single(one => one.Event.Key == e.Key);
        claimed.Event.Generation.ShouldBe(2);
    }
}
