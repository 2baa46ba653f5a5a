namespace Gateway.EventsGateway.Monitoring;

/// <summary>A sum for each of the last 60 minutes; its user locks it.</summary>
internal sealed class MinuteCounts
{
    public const int Minutes = 60;

    private readonly long[] _ring = new long[Minutes];
    private long _minute;

    public void Add(DateTimeOffset now, long count)
    {
        Turn(now);
        _ring[_minute % Minutes] += count;
    }

    /// <summary>The current minute is the last.</summary>
    public IReadOnlyList<long> Read(DateTimeOffset now)
    {
        Turn(now);
        return [.. Enumerable.Range(1, Minutes).Select(i => _ring[(_minute + i) % Minutes])];
    }

    /// <summary>Clears the minutes that have begun since the last call.</summary>
    private void Turn(DateTimeOffset now)
    {
        var minute = now.ToUnixTimeSeconds() / 60;
        for (var next = Math.Max(_minute + 1, minute - Minutes + 1); next <= minute; next++) _ring[next % Minutes] = 0;
        _minute = Math.Max(_minute, minute);
    }
}
