using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>The latest backlog that <see cref="BacklogMonitor"/> has read, for metrics, health checks and the console.</summary>
internal sealed class Backlog(TimeProvider time)
{
    private BacklogSnapshot? _latest;
    private long _readAt = time.GetTimestamp();
    private long _faultAt = -1;

    /// <summary>Null until the first successful read.</summary>
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

    /// <summary>Time since the last successful read, or since the start.</summary>
    public TimeSpan SinceLastRead => time.GetElapsedTime(Volatile.Read(ref _readAt));

    /// <summary>Time since the last failed read.</summary>
    public TimeSpan SinceFault => Volatile.Read(ref _faultAt) is >= 0 and var at ? time.GetElapsedTime(at) : TimeSpan.MaxValue;
}

/// <param name="At">When it was read.</param>
/// <param name="Counts">The last known counts. The totals can be older than the pending counts.</param>
/// <param name="OldestDue">Waiting time of the unclaimed event that has been due for longest; null when no event is due.</param>
/// <param name="Queued">Messages in the queue; null without a broker, or when it could not be read.</param>
/// <param name="Fault">Why the last read failed; the other values are then from the read before.</param>
internal sealed record BacklogSnapshot(DateTimeOffset At, EventCounts Counts, TimeSpan? OldestDue, long? Queued, string? Fault);
