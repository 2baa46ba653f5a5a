namespace Gateway.Shared.Hosting;

/// <summary>
/// At most one a second, or a few, of what can come with every request and costs more than counting it: a line of a log,
/// a record. Whoever was quiet for a second may have as many at once.
/// </summary>
public sealed class Throttle(TimeProvider time, int perSecond = 1)
{
    private readonly long _step = time.TimestampFrequency / perSecond;
    private long _taken;

    public bool Allows()
    {
        while (true)
        {
            var now = time.GetTimestamp();
            var taken = Volatile.Read(ref _taken);
            var next = Math.Max(taken, now) + _step;
            if (next - now > time.TimestampFrequency) return false;
            if (Interlocked.CompareExchange(ref _taken, next, taken) == taken) return true;
        }
    }
}
