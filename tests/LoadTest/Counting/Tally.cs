using HdrHistogram;

namespace Gateway.LoadTest.Counting;

/// <summary>
/// What a group of connections has seen since it was last asked. Groups keep senders out of each other's locks.
/// </summary>
internal sealed class Tally
{
    private const long LongestMicroseconds = 600_000_000;

    private readonly Lock _gate = new();
    private readonly LongHistogram _promised = NewHistogram();
    private readonly LongHistogram _others = NewHistogram();
    private readonly long[] _byStatus = new long[600];
    private TallyCounts _counts;

    /// <summary>From 1 µs to 10 minutes, to three digits.</summary>
    public static LongHistogram NewHistogram() => new(LongestMicroseconds, 3);

    public void Sent(bool repeat)
    {
        lock (_gate)
        {
            _counts.Sent++;
            if (repeat) _counts.Repeats++;
        }
    }

    public void Ended(int status, long microseconds, bool replayed = false, int? retryAfter = null)
    {
        var latency = Math.Clamp(microseconds, 1, LongestMicroseconds);
        lock (_gate)
        {
            _counts.Ended++;
            _byStatus[Math.Min(status, 599)]++;
            if (replayed) _counts.Replayed++;
            if (retryAfter is { } seconds) _counts.LongestRetryAfter = Math.Max(_counts.LongestRetryAfter, seconds);
            (NoAnswer.IsPromise(status) ? _promised : _others).RecordValue(latency);
        }
    }

    public void Reconnected()
    {
        lock (_gate) _counts.Reconnects++;
    }

    /// <summary>Hands over what came since the last time.</summary>
    public void MoveInto(TallySum sum)
    {
        lock (_gate)
        {
            sum.Add(_promised, _others, _byStatus, _counts);
            _promised.Reset();
            _others.Reset();
            Array.Clear(_byStatus);
            _counts = default;
        }
    }
}
