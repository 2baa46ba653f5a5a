using Gateway.EventsGateway.Monitoring;

namespace Gateway.EventsGateway.Findings;

/// <summary>Percentiles of the durations of the last minute.</summary>
internal sealed class LatencyWindow(LatencyBuckets buckets, TimeProvider time)
{
    private readonly SlidingSamples<long[]> _counts = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), time);

    /// <summary>Null without durations.</summary>
    public TimeSpan? Next(double share)
    {
        var now = buckets.Counts();
        _counts.Add(() => now);
        return LatencyBuckets.Percentile(now, _counts.Before(TimeSpan.FromMinutes(1)), share) is { } milliseconds
            ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }
}
