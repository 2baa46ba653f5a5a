using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.EventRepository;

public abstract partial class EventRepositoryContract
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    [Fact]
    public async Task Only_older_unclaimed_pending_events_fail_as_overdue()
    {
        var processed = await AddNewAsync();
        await SaveAsync(Processed(await ClaimOneAsync()));
        var claimed = await AddNewAsync();
        await ClaimOneAsync();
        var waiting = await AddNewAsync();
        await SaveAsync(Retry(await ClaimOneAsync(), TimeSpan.FromHours(2)));
        var old = await AddNewAsync();
        _store.Time.Advance(Tick);
        var young = await AddNewAsync();
        _store.Time.Advance(Day - Tick);

        var ended = await _store.Events.FailOverdueAsync(Day, "no response");

        ended.Select(one => one.Key).ShouldBe([waiting.Key, old.Key], ignoreOrder: true);
        (await FindAsync(processed.Key)).Status.ShouldBe(EventStatus.Processed);
        (await FindAsync(claimed.Key)).Status.ShouldBe(EventStatus.Pending);
        (await FindAsync(young.Key)).Status.ShouldBe(EventStatus.Pending);
        var e = await FindAsync(waiting.Key);
        e.Status.ShouldBe(EventStatus.Failed);
        e.Outcome.ShouldBe(FailureReasonText.DeadlineExceeded);
        e.LastError.ShouldNotBeNull().ShouldContain("no response");
        e.LastError.ShouldContain("no answer");
        e.DueAt.ShouldBeNull();
        e.ProcessedAt.ShouldBeNull();
        (await FindAsync(old.Key)).LastError.ShouldBe("no response");
    }

    [Fact]
    public async Task Age_of_an_event_starts_with_its_generation()
    {
        var e = await AddFailedAsync();
        _store.Time.Advance(Day);
        await _store.Events.RequeueAsync([e.Key], "mira");

        (await _store.Events.FailOverdueAsync(Day, "no response")).ShouldBeEmpty();
        _store.Time.Advance(Day);
        (await _store.Events.FailOverdueAsync(Day, "no response")).ShouldBe([new FailedEvent(e.Key, e.Source)]);
    }

    [Fact]
    public async Task At_most_500_events_fail_as_overdue_in_one_call()
    {
        await _store.Events.AddAsync(_newEvents.Take(501));
        _store.Time.Advance(Day);

        (await _store.Events.FailOverdueAsync(Day, "no response")).Count.ShouldBe(500);
        (await _store.Events.FailOverdueAsync(Day, "no response")).Count.ShouldBe(1);
        (await _store.Events.FailOverdueAsync(Day, "no response")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Overdue_event_can_be_replayed()
    {
        var e = await AddNewAsync();
        _store.Time.Advance(Day);
        await _store.Events.FailOverdueAsync(Day, "no response");

        (await _store.Events.RequeueAsync([e.Key], "mira")).Replayed.ShouldBe(1);

        (await ClaimOneAsync()).Event.Generation.ShouldBe(2);
    }

    [Fact]
    public async Task Only_events_of_the_named_scopes_fail_as_overdue()
    {
        var added = await AddOfEachScopeAsync();
        _store.Time.Advance(Day);

        (await _store.Events.FailOverdueAsync(Day, "no response", [new("easypost", "a"), new("gateway", "b")]))
            .ShouldBe([new FailedEvent(added[2].Key, "easypost"), new FailedEvent(added[1].Key, "gateway")], ignoreOrder: true);
    }
}
