using Gateway.Shared.Time;

namespace Gateway.Shared.Mongo;

/// <summary>
/// The store's clock: ours, set by the offset that <see cref="MongoConnection"/> measures. Workers whose wall clocks
/// differ agree on what is due and whose claim has run out.
/// </summary>
public sealed class MongoClock(TimeProvider time) : TimeProvider
{
    // NTP may correct both machines meanwhile, and a primary may be followed by another one.
    private static readonly TimeSpan Freshness = TimeSpan.FromMinutes(1);

    private readonly SteadyTime _ours = new(time);
    private long _offset;
    private long _measuredAt;
    private volatile bool _isMeasured;

    public override long TimestampFrequency => time.TimestampFrequency;

    /// <summary>Positive where the store is ahead of us; zero until it was asked.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Volatile.Read(ref _offset));

    internal bool IsFresh => _isMeasured && time.GetElapsedTime(Volatile.Read(ref _measuredAt)) < Freshness;

    public override DateTimeOffset GetUtcNow() => _ours.GetUtcNow() + Offset;

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => time.CreateTimer(callback, state, dueTime, period);

    /// <summary>Asks for the store's time and takes the answer for the middle of the round trip.</summary>
    internal async Task MeasureAsync(Func<Task<DateTimeOffset>> ask)
    {
        var asked = _ours.GetUtcNow();
        var theirs = await ask();
        var answered = _ours.GetUtcNow();
        Volatile.Write(ref _offset, (theirs - asked - ((answered - asked) / 2)).Ticks);
        Volatile.Write(ref _measuredAt, time.GetTimestamp());
        _isMeasured = true;
    }
}
