using System.Diagnostics;

namespace Gateway.LoadTest.Pacing;

/// <summary>As soon as a connection has its answer it sends again.</summary>
internal sealed class ClosedPace(TimeSpan? duration) : IPace
{
    private long _endAt = long.MaxValue;

    public ValueTask<Turn> NextAsync(Waiter waiter)
    {
        var now = Stopwatch.GetTimestamp();
        return ValueTask.FromResult(now < Volatile.Read(ref _endAt) ? new Turn(now) : Turn.None);
    }

    public void Begin()
    {
        if (duration is { } time) Volatile.Write(ref _endAt, Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency));
    }

    public void End() => Volatile.Write(ref _endAt, 0);
}
