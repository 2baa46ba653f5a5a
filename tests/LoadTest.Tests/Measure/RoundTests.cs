using Gateway.LoadTest.Measure;

namespace Gateway.LoadTest.Tests.Measure;

public sealed class RoundTests
{
    [Fact]
    public void Ratio_is_the_quotient_of_the_rates() => RatioOf(ResultOf(10), ResultOf(20)).ShouldBe(0.5);

    [Fact]
    public void Ratio_is_null_when_the_other_target_accepts_nothing() => RatioOf(ResultOf(10), ResultOf(0)).ShouldBeNull();

    [Fact]
    public void Ratio_is_null_in_an_open_loop()
        => RatioOf(ResultOf(10) with { OfferedRate = 10 }, ResultOf(20) with { OfferedRate = 20 }).ShouldBeNull();

    private static double? RatioOf(LoadResult gateway, LoadResult other)
    {
        var round = new Round(1, gateway, other, other, null) { Other = other };
        round.RatioPublish.ShouldBe(round.RatioCeiling);
        round.RatioOther.ShouldBe(round.RatioCeiling);
        return round.RatioCeiling;
    }

    private static LoadResult ResultOf(int accepted)
    {
        var (stats, total) = (new RequestStats(), new RequestTotals());
        for (var i = 0; i < accepted; i++) stats.RecordEnd(202, 1_000);
        stats.MoveTo(total);
        return new LoadResult { Target = "any", Wall = TimeSpan.FromSeconds(1), Total = total, Samples = [], ClientCores = 0.1 };
    }
}
