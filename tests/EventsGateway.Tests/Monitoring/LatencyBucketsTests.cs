using Gateway.EventsGateway.Monitoring;

namespace Gateway.EventsGateway.Tests.Monitoring;

public sealed class LatencyBucketsTests
{
    private readonly LatencyBuckets _buckets = new();

    [Fact]
    public void Percentiles_are_null_without_durations() => _buckets.Next(0.5, 0.99).ShouldBe([null, null]);

    [Theory]
    [InlineData(0.000_002)]
    [InlineData(0.000_123)]
    [InlineData(0.001)]
    [InlineData(0.0499)]
    [InlineData(1)]
    [InlineData(24.9)]
    public void Percentile_is_accurate_to_four_percent(double seconds)
    {
        _buckets.Add(seconds);

        var percentiles = _buckets.Next(0.5)[0].ShouldNotBeNull();
        (percentiles / 1000 / seconds).ShouldBeInRange(0.96, 1.04);
    }

    [Fact]
    public void Percentiles_cover_all_durations()
    {
        for (var i = 1; i <= 1000; i++) _buckets.Add(i / 1000d);

        var percentiles = _buckets.Next(0.5, 0.95, 0.99);

        percentiles[0]!.Value.ShouldBeInRange(480, 520);
        percentiles[1]!.Value.ShouldBeInRange(912, 988);
        percentiles[2]!.Value.ShouldBeInRange(950, 1030);
    }

    [Fact]
    public void Each_duration_counts_in_one_reading()
    {
        _buckets.Add(1);
        _buckets.Next(0.5);
        _buckets.Add(0.001);

        _buckets.Next(1)[0]!.Value.ShouldBeLessThan(2);
        _buckets.Next(1).ShouldBe([null]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1e9)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Impossible_durations_are_accepted(double seconds)
    {
        _buckets.Add(seconds);

        _buckets.Next(0.5)[0].ShouldNotBeNull();
    }

    [Fact]
    public async Task Concurrent_measurements_are_all_counted()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++) _buckets.Add(i < 5_000 ? 0.001 : 1);
        })));

        _buckets.Next(0.5)[0]!.Value.ShouldBeLessThan(2);
        _buckets.Next(0.5).ShouldBe([null]);
    }
}
