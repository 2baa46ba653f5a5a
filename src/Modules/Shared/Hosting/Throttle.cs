namespace Gateway.Shared.Hosting;

/// <summary>
/// Limits log lines and records that could otherwise come with every request to a few per second; after a quiet second the whole
/// number is allowed at once. Not System.Threading.RateLimiting, because its limiters take no <see cref="TimeProvider"/>.
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
