namespace Gateway.Shared;

/// <summary>At most one line a second of a kind that can come with every request.</summary>
public sealed class LogLimiter(TimeProvider time)
{
    private long _next;

    public bool Allows()
    {
        var now = time.GetTimestamp();
        var next = Volatile.Read(ref _next);
        return now >= next && Interlocked.CompareExchange(ref _next, now + time.TimestampFrequency, next) == next;
    }
}
