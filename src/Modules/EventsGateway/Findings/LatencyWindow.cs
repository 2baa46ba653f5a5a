using Gateway.EventsGateway.Monitoring;

namespace Gateway.EventsGateway.Findings;

/// <summary>Percentiles of the durations of the last minute.</summary>
internal sealed class LatencyWindow(LatencyBuckets buckets, TimeProvider time)
{
    private readonly SlidingSamples<long[]> _counts = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), time);

    private readonly LatencyReading _reading = new();

    /// <summary>Null without durations.</summary>
    public TimeSpan? Next(double share)
    {
        Span<long> fresh = stackalloc long[LatencyBuckets.Count];
        buckets.Read(_reading, fresh);
        _counts.Add(() => [.. _reading.Counts]);
        var before = _counts.Before(TimeSpan.FromMinutes(1));
        for (var i = 0; i < LatencyBuckets.Count; i++) fresh[i] = _reading.Counts[i] - before[i];
        return LatencyBuckets.Percentiles(fresh, share)[0] is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : null;
    }
}
