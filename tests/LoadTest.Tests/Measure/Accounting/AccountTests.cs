using Gateway.LoadTest.Measure.Accounting;

namespace Gateway.LoadTest.Tests.Measure.Accounting;

public sealed class AccountTests
{
    private static readonly RunIds Ids = new("run1");
    private readonly EventLedger _ledger = new();

    [Fact]
    public void Settled_events_listed_once_have_no_faults()
    {
        Accept(0, 1, 2);
        FaultsOf(Processed(0), Processed(1), Failed(2, "rejected-by-router")).ShouldBeEmpty();
    }

    [Fact]
    public void Accepted_event_that_is_not_listed_is_lost()
    {
        Accept(0, 1);
        FaultsOf(Processed(0)).ShouldHaveSingleItem().ShouldContain(Ids.KeyOf(1));
    }

    [Fact]
    public void Event_listed_twice_is_a_fault()
    {
        Accept(0);
        FaultsOf(Processed(0), Processed(0)).ShouldHaveSingleItem().ShouldContain("twice");
    }

    [Fact]
    public void Listed_event_that_was_never_sent_is_a_fault()
    {
        Accept(0);
        FaultsOf(Processed(0), Processed(99)).ShouldHaveSingleItem().ShouldContain("never sent");
    }

    [Fact]
    public void Unknown_event_may_be_stored_or_not()
    {
        Accept(0);
        _ledger.RecordUnknown(1);
        _ledger.RecordUnknown(2);

        var events = AccountedEvents.Of(Ids, _ledger, [Processed(0), Processed(1)]);

        (events.Unknown, events.UnknownStored, events.LostCount, events.Invented.Count).ShouldBe((2, 1, 0, 0));
    }

    [Fact]
    public void Accepted_event_is_not_unknown_after_an_earlier_503()
    {
        _ledger.RecordUnknown(0);
        Accept(0);

        var events = AccountedEvents.Of(Ids, _ledger, []);

        (events.Unknown, events.LostCount).ShouldBe((0, 1));
    }

    [Fact]
    public void Event_still_pending_at_the_limit_is_a_fault()
    {
        Accept(0);
        FaultsOf(new EventRow(Ids.KeyOf(0), "pending", null, null)).ShouldHaveSingleItem().ShouldContain("pending");
    }

    [Fact]
    public void Event_routed_twice_without_a_failed_call_is_a_fault()
    {
        Accept(0, 1);
        EventRow[] rows = [Processed(0), Processed(1)];

        FaultsOf(rows, new RoutingCheck(DistinctKeys: 2, RepeatedKeys: 1, Explained: 1)).ShouldBeEmpty();
        FaultsOf(rows, new RoutingCheck(DistinctKeys: 2, RepeatedKeys: 1, Explained: 0))
            .ShouldHaveSingleItem().ShouldContain("routed twice");
    }

    [Fact]
    public void Routed_event_that_the_routing_service_did_not_receive_is_a_fault()
    {
        Accept(0, 1);
        FaultsOf([Processed(0), Processed(1)], new RoutingCheck(1, 0, 0)).ShouldHaveSingleItem().ShouldContain("received only 1");
    }

    [Fact]
    public void Counts_include_events_beyond_the_listed_examples()
    {
        EventRow[] rows = [.. Enumerable.Range(0, 30).SelectMany(i => new[] { Processed(i), Processed(i), Processed(100 + i) })];
        Accept([.. Enumerable.Range(0, 30)]);

        var events = AccountedEvents.Of(Ids, _ledger, rows);

        (events.TwiceCount, events.InventedCount, events.Twice.Count).ShouldBe((30, 30, 20));
    }

    [Theory]
    [InlineData(100, 100, null)]
    [InlineData(100, 40, "restarted")]
    [InlineData(100, null, "could not be read")]
    [InlineData(null, null, "could not be read")]
    public void Missing_or_restarted_stub_skips_the_routing_check(int? before, int? after, string? obstacle)
    {
        var found = RoutingCheck.ObstacleOf(StatsOf(before), StatsOf(after));

        if (obstacle is null) found.ShouldBeNull();
        else found.ShouldNotBeNull().ShouldContain(obstacle);
    }

    [Fact]
    public void Settled_rate_excludes_the_first_and_the_last_tenth()
    {
        var noon = DateTimeOffset.UnixEpoch;
        // One tenth at once, eight tenths at 100 per second, the last tenth a minute later.
        var seconds = Enumerable.Range(0, 1_000).Select(i => i < 100 ? 0 : i < 901 ? (i - 100) / 100.0 : 60);

        var rate = SettledRate.Of(seconds.Select(at => new EventRow("k", "processed", "routed", noon.AddSeconds(at))))!;

        rate.Middle.ShouldBe(100, 0.5);
        rate.Overall.ShouldBe(999 / 60.0, 0.1);
    }

    private static StubStats? StatsOf(int? requests)
        => requests is { } count ? new StubStats(count, count, 0) : null;

    private void Accept(params long[] numbers)
    {
        foreach (var number in numbers) _ledger.RecordAccepted(number);
    }

    private IReadOnlyList<string> FaultsOf(params EventRow[] rows) => FaultsOf(rows, null);

    private IReadOnlyList<string> FaultsOf(EventRow[] rows, RoutingCheck? routing)
        => new Account(SettledInTime: true, 1, AccountedEvents.Of(Ids, _ledger, rows), routing, null, []).Faults;

    private static EventRow Processed(long number) => new(Ids.KeyOf(number), "processed", "routed", DateTimeOffset.UnixEpoch);

    private static EventRow Failed(long number, string outcome) => new(Ids.KeyOf(number), "failed", outcome, null);
}
