using Gateway.LoadTest.Accounting;
using Gateway.LoadTest.Events;
using Gateway.LoadTest.Operator;

namespace Gateway.LoadTest.Tests.Accounting;

public sealed class AccountTests
{
    private static readonly CourierEvents Events = new("run1", new Uri("http://localhost/"), "secret");
    private readonly EventLedger _ledger = new();

    [Fact]
    public void Everything_there_once_is_well()
    {
        Promise(0, 1, 2);
        FaultsOf(Processed(0), Processed(1), Failed(2, "rejected")).ShouldBeEmpty();
    }

    [Fact]
    public void A_promised_event_that_is_not_there_is_lost()
    {
        Promise(0, 1);
        FaultsOf(Processed(0)).ShouldHaveSingleItem().ShouldContain(Events.KeyOf(1));
    }

    [Fact]
    public void An_event_that_is_there_twice_is_a_fault()
    {
        Promise(0);
        FaultsOf(Processed(0), Processed(0)).ShouldHaveSingleItem().ShouldContain("twice");
    }

    [Fact]
    public void An_event_that_nobody_sent_is_a_fault()
    {
        Promise(0);
        FaultsOf(Processed(0), Processed(99)).ShouldHaveSingleItem().ShouldContain("never sent");
    }

    [Fact]
    public void An_unknown_event_may_be_there_or_not()
    {
        Promise(0);
        _ledger.LeaveOpen(1);
        _ledger.LeaveOpen(2);

        var books = Books.Of(Events, _ledger, [Processed(0), Processed(1)]);

        (books.Unknown, books.UnknownThere, books.LostCount, books.Invented.Count).ShouldBe((2, 1, 0, 0));
    }

    [Fact]
    public void A_503_before_the_202_leaves_nothing_unknown()
    {
        _ledger.LeaveOpen(0);
        Promise(0);

        var books = Books.Of(Events, _ledger, []);

        (books.Unknown, books.LostCount).ShouldBe((0, 1));
    }

    [Fact]
    public void What_is_still_pending_at_the_limit_is_a_fault()
    {
        Promise(0);
        FaultsOf(new EventRow(Events.KeyOf(0), "pending", null, null)).ShouldHaveSingleItem().ShouldContain("pending");
    }

    [Fact]
    public void A_second_routing_needs_a_broken_call_that_explains_it()
    {
        Promise(0, 1);
        EventRow[] rows = [Processed(0), Processed(1)];

        FaultsOf(rows, new RoutingCheck(DistinctKeys: 2, RepeatedKeys: 1, Explained: 1)).ShouldBeEmpty();
        FaultsOf(rows, new RoutingCheck(DistinctKeys: 2, RepeatedKeys: 1, Explained: 0)).ShouldHaveSingleItem().ShouldContain("routed twice");
    }

    [Fact]
    public void A_routing_that_the_routing_service_does_not_know_is_a_fault()
    {
        Promise(0, 1);
        FaultsOf([Processed(0), Processed(1)], new RoutingCheck(1, 0, 0)).ShouldHaveSingleItem().ShouldContain("knows 1");
    }

    [Fact]
    public void What_is_wrong_is_counted_beyond_the_examples()
    {
        EventRow[] rows = [.. Enumerable.Range(0, 30).SelectMany(i => new[] { Processed(i), Processed(i), Processed(100 + i) })];
        Promise([.. Enumerable.Range(0, 30)]);

        var books = Books.Of(Events, _ledger, rows);

        (books.TwiceCount, books.InventedCount, books.Twice.Count).ShouldBe((30, 30, 20));
    }

    [Theory]
    [InlineData(100, 100, null)]
    [InlineData(100, 40, "restarted")]
    [InlineData(100, null, "could not be had")]
    [InlineData(null, null, "could not be had")]
    public void A_stub_that_is_away_or_has_restarted_proves_nothing(int? before, int? after, string? obstacle)
    {
        var found = RoutingCheck.ObstacleOf(StatsOf(before), StatsOf(after));

        if (obstacle is null) found.ShouldBeNull();
        else found.ShouldNotBeNull().ShouldContain(obstacle);
    }

    [Fact]
    public void The_settled_rate_leaves_out_the_first_and_the_last_tenth()
    {
        var noon = DateTimeOffset.UnixEpoch;
        // A tenth in one go, eight tenths at 100 a second, and the last ones a minute later.
        var seconds = Enumerable.Range(0, 1_000).Select(i => i < 100 ? 0 : i < 901 ? (i - 100) / 100.0 : 60);

        var rate = SettledRate.Of(seconds.Select(at => new EventRow("k", "processed", "routed", noon.AddSeconds(at))))!;

        rate.Middle.ShouldBe(100, 0.5);
        rate.Overall.ShouldBe(999 / 60.0, 0.1);
    }

    private static StubStats? StatsOf(int? requests) => requests is { } count ? new StubStats(count, count, 0) : null;

    private void Promise(params long[] numbers)
    {
        foreach (var number in numbers) _ledger.Promise(number);
    }

    private IReadOnlyList<string> FaultsOf(params EventRow[] rows) => FaultsOf(rows, null);

    private IReadOnlyList<string> FaultsOf(EventRow[] rows, RoutingCheck? routing)
        => new Account(SettledInTime: true, 1, Books.Of(Events, _ledger, rows), routing, null, []).Faults;

    private static EventRow Processed(long number) => new(Events.KeyOf(number), "processed", "routed", DateTimeOffset.UnixEpoch);

    private static EventRow Failed(long number, string outcome) => new(Events.KeyOf(number), "failed", outcome, null);
}
