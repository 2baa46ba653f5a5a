using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>What waits, as the store told last: metrics, health and the console look here, so that only one of them asks.</summary>
internal sealed class Backlog(TimeProvider time)
{
    private BacklogSnapshot? _latest;
    private long _readAt = time.GetTimestamp();
    private long _faultAt = -1;

    /// <summary>Null until the store has told for the first time.</summary>
    public BacklogSnapshot? Latest
    {
        get => Volatile.Read(ref _latest);
        set
        {
            if (value is { Fault: not null }) Volatile.Write(ref _faultAt, time.GetTimestamp());
            else Volatile.Write(ref _readAt, time.GetTimestamp());
            Volatile.Write(ref _latest, value);
        }
    }

    /// <summary>For how long the store has not told; from the start on where it never has.</summary>
    public TimeSpan SinceLastRead => time.GetElapsedTime(Volatile.Read(ref _readAt));

    /// <summary>How long ago it was found away.</summary>
    public TimeSpan SinceFault => Volatile.Read(ref _faultAt) is >= 0 and var at ? time.GetElapsedTime(at) : TimeSpan.MaxValue;
}

/// <param name="At">When the store was asked.</param>
/// <param name="Counts">The last that are known; where the store tells no more than what waits, its totals are older.</param>
/// <param name="OldestDue">How long the event is due already that nobody has claimed for longest; null when none is.</param>
/// <param name="Queued">Messages that wait to get into the store; null where there is no broker, or it does not tell.</param>
/// <param name="Fault">Why the store did not tell; what is older stays.</param>
internal sealed record BacklogSnapshot(DateTimeOffset At, EventCounts Counts, TimeSpan? OldestDue, long? Queued, string? Fault);
