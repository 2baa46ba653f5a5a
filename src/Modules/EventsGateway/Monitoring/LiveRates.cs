namespace Gateway.EventsGateway.Monitoring;

/// <summary>The rates of the time between two calls, from the counters at its end and at its beginning.</summary>
internal sealed class LiveRates(LiveMetrics metrics, TimeProvider time)
{
    private LiveTotals _last;
    private long _lastAt = time.GetTimestamp();

    /// <summary>The counters at the last call.</summary>
    public LiveTotals Totals => _last;

    /// <summary>Per second since the last call; a call that comes later must not show higher rates.</summary>
    public Func<Func<LiveTotals, long>, double> Next()
    {
        var (now, before) = (metrics.Totals, _last);
        var seconds = time.GetElapsedTime(_lastAt).TotalSeconds;
        (_last, _lastAt) = (now, time.GetTimestamp());
        return count => seconds > 0 ? Math.Round((count(now) - count(before)) / seconds, 1) : 0;
    }
}
