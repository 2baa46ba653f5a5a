using HdrHistogram;

namespace Gateway.LoadTest.Measure;

/// <summary>
/// Counts and latencies of one group of connections since the last sample. Groups reduce contention on the lock.
/// </summary>
internal sealed class RequestStats
{
    private const long MaxMicroseconds = 600_000_000;

    private readonly Lock _lock = new();
    private readonly LongHistogram _accepted = NewHistogram();
    private readonly LongHistogram _others = NewHistogram();
    private readonly long[] _byStatus = new long[600];
    private RequestCounts _counts;

    /// <summary>From 1 µs to 10 minutes, with three significant digits.</summary>
    public static LongHistogram NewHistogram() => new(MaxMicroseconds, 3);

    public void RecordSent(bool repeat)
    {
        lock (_lock)
        {
            _counts.Sent++;
            if (repeat) _counts.Repeats++;
        }
    }

    /// <param name="events">Of the request.</param>
    public void RecordEnd(int status, long microseconds, bool replayed = false, int? retryAfter = null, int events = 1)
    {
        var latency = Math.Clamp(microseconds, 1, MaxMicroseconds);
        lock (_lock)
        {
            _counts.Ended++;
            _byStatus[Math.Min(status, 599)]++;
            if (ResponseStatus.IsAccepted(status)) _counts.AcceptedEvents += events;
            if (replayed) _counts.Replayed++;
            if (retryAfter is { } seconds) _counts.LongestRetryAfter = Math.Max(_counts.LongestRetryAfter, seconds);
            (ResponseStatus.IsAccepted(status) ? _accepted : _others).RecordValue(latency);
        }
    }

    public void RecordReconnect()
    {
        lock (_lock) _counts.Reconnects++;
    }

    /// <summary>Moves everything recorded since the last call to the totals.</summary>
    public void MoveTo(RequestTotals totals)
    {
        lock (_lock)
        {
            totals.Add(_accepted, _others, _byStatus, _counts);
            _accepted.Reset();
            _others.Reset();
            Array.Clear(_byStatus);
            _counts = default;
        }
    }
}
