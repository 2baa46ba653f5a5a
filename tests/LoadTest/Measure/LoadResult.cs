using HdrHistogram;

namespace Gateway.LoadTest.Measure;

/// <summary>The figures of one run against one target.</summary>
internal sealed record LoadResult
{
    public required string Target { get; init; }

    /// <summary>From the first request to the last response.</summary>
    public required TimeSpan Wall { get; init; }

    public required RequestTotals Total { get; init; }

    public required IReadOnlyList<Sample> Samples { get; init; }

    /// <summary>Requests per second of an open loop; null in a closed loop.</summary>
    public double? OfferedRate { get; init; }

    /// <summary>The target's top rate, when a share of it was offered.</summary>
    public double? TopRate { get; init; }

    /// <summary>Open loop: delay of requests whose connection was free, in microseconds.</summary>
    public LongHistogram? Lateness { get; init; }

    /// <summary>Burst: time that the client needed to send all requests.</summary>
    public TimeSpan? Release { get; init; }

    /// <summary>Connections that could not be reopened within the timeout.</summary>
    public int LostConnections { get; init; }

    /// <summary>Cores that the load tool used.</summary>
    public required double ClientCores { get; init; }

    /// <summary>Accepted events per second.</summary>
    public double Rate => Total.AcceptedEvents / Math.Max(Wall.TotalSeconds, 1e-9);

    public double RequestRate => Total.AcceptedRequests / Math.Max(Wall.TotalSeconds, 1e-9);

    public double UnknownShare => Share(ResponseStatus.IsUnknown);

    public long Unexpected => Total.ByStatus.Where(one => ResponseStatus.IsUnexpected(one.Key)).Sum(one => one.Value);

    public long? HighestRss => Samples.Max(sample => sample.ServerRss);

    /// <summary>Latency of accepted requests in milliseconds; null without one.</summary>
    public double? Milliseconds(double percentile)
        => Total.Accepted.TotalCount == 0 ? null : Total.Accepted.GetValueAtPercentile(percentile) / 1000.0;

    private double Share(Func<int, bool> counts)
        => Total.Counts.Ended == 0
            ? 0
            : Total.ByStatus.Where(one => counts(one.Key)).Sum(one => one.Value) / (double)Total.Counts.Ended;
}

/// <summary>
/// Median memory in the first and in the last fifth of a run. The first tenth, in which caches fill, is left out.
/// </summary>
internal sealed record MemoryTrend(double First, double Last)
{
    public double Growth => Last / First - 1;

    public static MemoryTrend? Of(IReadOnlyList<Sample> samples)
    {
        double[] rss = [.. samples.Select(sample => sample.ServerRss).OfType<long>().Select(bytes => (double)bytes)];
        if (rss.Length < 20) return null;
        return new MemoryTrend(MedianOf(rss[(rss.Length / 10)..(rss.Length * 3 / 10)]), MedianOf(rss[(rss.Length * 4 / 5)..]));
    }

    private static double MedianOf(double[] values) => Spread.Of(values.Select(value => (double?)value))!.Median;
}
