using Gateway.Shared.Time;

namespace Gateway.Shared.Mongo;

/// <summary>
/// The clock of the store: the clock of this process plus the offset that <see cref="MongoConnection"/> measures. So workers with
/// different wall clocks agree on which events are due and which claims have expired.
/// </summary>
public sealed class MongoClock(TimeProvider time) : TimeProvider
{
    // NTP may correct both machines, and the primary may change.
    private static readonly TimeSpan ValidFor = TimeSpan.FromMinutes(1);

    private readonly SteadyTime _local = new(time);
    private long _offset;
    private long _measuredAt;
    private volatile bool _isMeasured;

    public override long TimestampFrequency => time.TimestampFrequency;

    /// <summary>Positive if the store is ahead; zero until the first measurement.</summary>
    public TimeSpan Offset => TimeSpan.FromTicks(Volatile.Read(ref _offset));

    internal bool IsFresh => _isMeasured && time.GetElapsedTime(Volatile.Read(ref _measuredAt)) < ValidFor;

    public override DateTimeOffset GetUtcNow() => _local.GetUtcNow() + Offset;

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        => time.CreateTimer(callback, state, dueTime, period);

    /// <summary>Reads the time of the store and assumes that it was read in the middle of the round trip.</summary>
    internal async Task MeasureAsync(Func<Task<DateTimeOffset>> read)
    {
        var before = _local.GetUtcNow();
        var theirs = await read();
        var after = _local.GetUtcNow();
        Volatile.Write(ref _offset, (theirs - before - ((after - before) / 2)).Ticks);
        Volatile.Write(ref _measuredAt, time.GetTimestamp());
        _isMeasured = true;
    }
}
