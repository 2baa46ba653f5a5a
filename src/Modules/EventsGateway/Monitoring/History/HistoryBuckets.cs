using System.Globalization;

namespace Gateway.EventsGateway.Monitoring.History;

/// <summary>The buckets of durations as the history has them: half as many, so percentiles are accurate to 6 %.</summary>
internal static class HistoryBuckets
{
    private const int Merged = 2;

    public static IEnumerable<(string Bucket, long Count)> Read(LatencyBuckets buckets, LatencyReading reading)
    {
        var fresh = new long[LatencyBuckets.Count];
        buckets.Read(reading, fresh);
        return fresh.Chunk(Merged).Index().Select(bucket => (Bucket: bucket.Index, Count: bucket.Item.Sum()))
            .Where(bucket => bucket.Count > 0)
            .Select(bucket => (bucket.Bucket.ToString(CultureInfo.InvariantCulture), bucket.Count));
    }

    /// <summary>In milliseconds; null without durations.</summary>
    public static double?[] Percentiles(IEnumerable<(string Bucket, long Count)> buckets, params ReadOnlySpan<double> shares)
    {
        var counts = new long[LatencyBuckets.Count];
        foreach (var (bucket, count) in buckets)
        {
            if (int.TryParse(bucket, CultureInfo.InvariantCulture, out var index) && index * Merged < counts.Length && index >= 0)
                counts[index * Merged] += count;
        }

        return LatencyBuckets.Percentiles(counts, shares);
    }
}
