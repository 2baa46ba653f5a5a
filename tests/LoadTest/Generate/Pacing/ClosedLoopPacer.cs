using System.Diagnostics;

namespace Gateway.LoadTest.Generate.Pacing;

/// <summary>A connection sends its next request as soon as it has received the response.</summary>
internal sealed class ClosedLoopPacer(TimeSpan? duration) : IPacer
{
    private long _endAt = long.MaxValue;

    public ValueTask<SendSlot> NextAsync(SlotWaiter waiter)
    {
        var now = Stopwatch.GetTimestamp();
        return ValueTask.FromResult(now < Volatile.Read(ref _endAt) ? new SendSlot(now) : SendSlot.None);
    }

    public void Start()
    {
        if (duration is { } time)
            Volatile.Write(ref _endAt, Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency));
    }

    public void Stop() => Volatile.Write(ref _endAt, 0);
}
