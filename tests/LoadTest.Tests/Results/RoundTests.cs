using Gateway.LoadTest.Counting;
using Gateway.LoadTest.Results;

namespace Gateway.LoadTest.Tests.Results;

public sealed class RoundTests
{
    [Fact]
    public void The_ratio_is_that_of_the_rates() => RatioOf(ResultOf(10), ResultOf(20)).ShouldBe(0.5);

    [Fact]
    public void There_is_no_ratio_to_a_rival_that_took_nothing() => RatioOf(ResultOf(10), ResultOf(0)).ShouldBeNull();

    [Fact]
    public void There_is_no_ratio_of_rates_that_were_offered()
        => RatioOf(ResultOf(10) with { OfferedRate = 10 }, ResultOf(20) with { OfferedRate = 20 }).ShouldBeNull();

    private static double? RatioOf(LoadResult gateway, LoadResult rival)
    {
        var round = new Round(1, gateway, rival, rival, null) { Other = rival };
        round.RatioPublish.ShouldBe(round.RatioCeiling);
        round.RatioOther.ShouldBe(round.RatioCeiling);
        return round.RatioCeiling;
    }

    private static LoadResult ResultOf(int promised)
    {
        var (tally, total) = (new Tally(), new TallySum());
        for (var i = 0; i < promised; i++) tally.Ended(202, 1_000);
        tally.MoveInto(total);
        return new LoadResult { Target = "any", Wall = TimeSpan.FromSeconds(1), Total = total, Samples = [], ClientCores = 0.1 };
    }
}
