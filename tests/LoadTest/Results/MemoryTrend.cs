namespace Gateway.LoadTest.Results;

/// <summary>
/// Whether memory stays flat: its median in the first fifth of a run, after a tenth to fill the caches, and in the last fifth.
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
