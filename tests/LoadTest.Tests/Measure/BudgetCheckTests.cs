using Gateway.LoadTest.Cli;
using Gateway.LoadTest.Measure;

namespace Gateway.LoadTest.Tests.Measure;

public sealed class BudgetCheckTests
{
    private static readonly BudgetLimits None = new(null, null, null, null, null, null, null, null, null, null, null);

    [Fact]
    public void Without_limits_no_budget_is_checked() => BudgetCheck.Of(None, [RoundOf(10)]).ShouldBeEmpty();

    [Theory]
    [InlineData(20, true)]
    [InlineData(5, false)]
    public void Latency_above_its_limit_breaks_the_budget(int limit, bool kept)
        => Kept(None with { MaxP99 = TimeSpan.FromMilliseconds(limit) }, RoundOf(10)).ShouldBe(kept);

    [Fact]
    public void Median_of_the_rounds_decides()
        => Kept(None with { MaxP99 = TimeSpan.FromMilliseconds(20) }, RoundOf(10), RoundOf(500), RoundOf(15)).ShouldBeTrue();

    [Fact]
    public void Worst_round_decides_for_unknown_requests_and_memory()
    {
        Kept(None with { MaxUnknown = 0.1 }, RoundOf(10), RoundOf(10), RoundOf(ResultOfStatus(202, 503))).ShouldBeFalse();
        Kept(None with { MaxRss = 200 }, RoundOf(WithRss(100)), RoundOf(WithRss(100)), RoundOf(WithRss(300))).ShouldBeFalse();
        Kept(None with { MaxRss = 300 }, RoundOf(WithRss(100)), RoundOf(WithRss(300))).ShouldBeTrue();
    }

    [Fact]
    public void Round_without_memory_figures_breaks_the_budget()
    {
        Kept(None with { MaxRss = 200 }, RoundOf(WithRss(100)), RoundOf(10)).ShouldBeFalse();
        Kept(None with { MaxRssGrowth = 1 }, RoundOf(WithRss([.. Enumerable.Repeat(100L, 20)])), RoundOf(WithRss(100)))
            .ShouldBeFalse();
    }

    [Fact]
    public void Unmeasured_figure_breaks_the_budget()
    {
        Kept(None with { MaxRss = 1 << 30 }, RoundOf(10)).ShouldBeFalse();
        Kept(None with { MinRatioCeiling = 0.1 }, RoundOf(10)).ShouldBeFalse();
        Kept(None with { MaxP99 = TimeSpan.FromSeconds(1) }, new Round(1, ResultOf(), null, null, null)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(0.5, true)]
    [InlineData(0.6, false)]
    public void Ratio_budget_compares_the_rates_of_one_round(double limit, bool kept)
    {
        var round = new Round(1, ResultOf(10, 10, 10), ResultOf(1, 1, 1, 1, 1, 1), null, null);

        Kept(None with { MinRatioCeiling = limit }, round).ShouldBe(kept);
    }

    [Fact]
    public void Status_503_counts_as_unknown_and_401_as_unexpected()
    {
        var result = ResultOfStatus(202, 202, 503, 401);

        (result.UnknownShare, result.Unexpected).ShouldBe((0.25, 1));
    }

    private static bool Kept(BudgetLimits limits, params Round[] rounds)
        => BudgetCheck.Of(limits, rounds).ShouldHaveSingleItem().IsKept;

    private static Round RoundOf(int milliseconds) => RoundOf(ResultOf(milliseconds));

    private static Round RoundOf(LoadResult gateway) => new(1, gateway, null, null, null);

    private static LoadResult WithRss(params long[] bytes)
        => ResultOf(10) with { Samples = [.. bytes.Select(SampleOf)] };

    private static Sample SampleOf(long rss) => new(1, 1, 0, 1, null, null, new Dictionary<int, double>(), rss, null, 0);

    private static LoadResult ResultOfStatus(params int[] statuses)
    {
        var stats = new RequestStats();
        foreach (var status in statuses) stats.RecordEnd(status, 1_000);
        return ResultOf(stats);
    }

    private static LoadResult ResultOf(params int[] milliseconds)
    {
        var stats = new RequestStats();
        foreach (var latency in milliseconds) stats.RecordEnd(202, latency * 1_000);
        return ResultOf(stats);
    }

    private static LoadResult ResultOf(RequestStats stats)
    {
        var total = new RequestTotals();
        stats.MoveTo(total);
        return new LoadResult
        {
            Target = "gateway",
            Wall = TimeSpan.FromSeconds(1),
            Total = total,
            Samples = [],
            ClientCores = 0.1,
        };
    }
}
