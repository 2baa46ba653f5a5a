using Gateway.LoadTest.Budgets;
using Gateway.LoadTest.Counting;
using Gateway.LoadTest.Results;

namespace Gateway.LoadTest.Tests.Budgets;

public sealed class BudgetCheckTests
{
    private static readonly BudgetLimits None = new(null, null, null, null, null, null, null, null, null, null);

    [Fact]
    public void Without_limits_there_are_no_verdicts() => BudgetCheck.Of(None, [RoundOf(10)]).ShouldBeEmpty();

    [Theory]
    [InlineData(20, true)]
    [InlineData(5, false)]
    public void A_latency_is_held_against_its_limit(int limit, bool kept)
        => Kept(None with { MaxP99 = TimeSpan.FromMilliseconds(limit) }, RoundOf(10)).ShouldBe(kept);

    [Fact]
    public void Of_several_rounds_the_median_counts()
        => Kept(None with { MaxP99 = TimeSpan.FromMilliseconds(20) }, RoundOf(10), RoundOf(500), RoundOf(15)).ShouldBeTrue();

    [Fact]
    public void Of_unknowns_and_memory_the_worst_round_counts()
    {
        Kept(None with { MaxUnknown = 0.1 }, RoundOf(10), RoundOf(10), RoundOf(ResultOfStatus(202, 503))).ShouldBeFalse();
        Kept(None with { MaxRss = 200 }, RoundOf(WithRss(100)), RoundOf(WithRss(100)), RoundOf(WithRss(300))).ShouldBeFalse();
        Kept(None with { MaxRss = 300 }, RoundOf(WithRss(100)), RoundOf(WithRss(300))).ShouldBeTrue();
    }

    [Fact]
    public void A_round_without_its_memory_breaks_the_budget()
    {
        Kept(None with { MaxRss = 200 }, RoundOf(WithRss(100)), RoundOf(10)).ShouldBeFalse();
        Kept(None with { MaxRssGrowth = 1 }, RoundOf(WithRss([.. Enumerable.Repeat(100L, 20)])), RoundOf(WithRss(100))).ShouldBeFalse();
    }

    [Fact]
    public void What_was_not_measured_keeps_no_budget()
    {
        Kept(None with { MaxRss = 1 << 30 }, RoundOf(10)).ShouldBeFalse();
        Kept(None with { MinRatioCeiling = 0.1 }, RoundOf(10)).ShouldBeFalse();
        Kept(None with { MaxP99 = TimeSpan.FromSeconds(1) }, new Round(1, ResultOf(), null, null, null)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.6, false)]
    public void The_ratio_is_that_of_the_rates_in_the_same_round(double limit, bool kept)
    {
        var round = new Round(1, ResultOf(10, 10, 10), ResultOf(1, 1, 1, 1, 1, 1), null, null);

        Kept(None with { MinRatioCeiling = limit }, round).ShouldBe(kept);
    }

    [Fact]
    public void A_503_counts_as_unknown_and_a_401_as_unexpected()
    {
        var result = ResultOfStatus(202, 202, 503, 401);

        (result.UnknownShare, result.Unexpected).ShouldBe((0.25, 1));
    }

    private static bool Kept(BudgetLimits limits, params Round[] rounds) => BudgetCheck.Of(limits, rounds).ShouldHaveSingleItem().IsKept;

    private static Round RoundOf(int milliseconds) => RoundOf(ResultOf(milliseconds));

    private static Round RoundOf(LoadResult gateway) => new(1, gateway, null, null, null);

    private static LoadResult WithRss(params long[] bytes)
        => ResultOf(10) with { Samples = [.. bytes.Select(rss => new Sample(1, 1, 0, 1, null, null, new Dictionary<int, double>(), rss, null, 0))] };

    private static LoadResult ResultOfStatus(params int[] statuses)
    {
        var tally = new Tally();
        foreach (var status in statuses) tally.Ended(status, 1_000);
        return ResultOf(tally);
    }

    private static LoadResult ResultOf(params int[] milliseconds)
    {
        var tally = new Tally();
        foreach (var latency in milliseconds) tally.Ended(202, latency * 1_000);
        return ResultOf(tally);
    }

    private static LoadResult ResultOf(Tally tally)
    {
        var total = new TallySum();
        tally.MoveInto(total);
        return new LoadResult { Target = "gateway", Wall = TimeSpan.FromSeconds(1), Total = total, Samples = [], ClientCores = 0.1 };
    }
}
