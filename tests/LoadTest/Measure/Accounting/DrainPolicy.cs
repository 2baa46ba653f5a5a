namespace Gateway.LoadTest.Measure.Accounting;

/// <summary>The next step of a drain.</summary>
internal enum DrainStep
{
    Wait,

    /// <summary>All events may be settled: only the rows show whether every accepted event is stored.</summary>
    ReadRows,

    /// <summary>Accepted events are missing, and no more can arrive.</summary>
    Stop,
}

/// <summary>
/// Decides from the counts when to read the rows. The counts alone prove nothing: they include events that were stored despite a
/// 503, and they miss messages that a consumer holds unacknowledged.
/// </summary>
internal sealed class DrainPolicy(EventCounts before, long accepted)
{
    // Embedded stores an event before it responds 202: an event that is missing after this time will not appear.
    public static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(10);

    private bool _hasQueue = before.QueuedMessages is not null;
    private EventCounts? _last;
    private TimeSpan _changedAt;
    private bool _areRowsRead;

    /// <param name="at">Time since the start of the drain.</param>
    /// <param name="counts">Null when counts or rows could not be read.</param>
    public DrainStep Next(TimeSpan at, EventCounts? counts)
    {
        _hasQueue |= counts?.QueuedMessages is not null;
        if (counts is null || counts != _last || IsBrokerUnavailable(counts)) (_changedAt, _areRowsRead) = (at, false);
        _last = counts;
        if (counts is null || !counts.IsIdle || IsBrokerUnavailable(counts)) return DrainStep.Wait;

        var isQuiet = at - _changedAt > QuietTime;
        if (!_areRowsRead && (isQuiet || counts.Settled - before.Settled >= accepted))
        {
            _areRowsRead = true;
            return DrainStep.ReadRows;
        }

        // The broker may still hold accepted events, so only the limit ends a drain of Distributed.
        return isQuiet && !_hasQueue ? DrainStep.Stop : DrainStep.Wait;
    }

    private bool IsBrokerUnavailable(EventCounts counts) => _hasQueue && counts.QueuedMessages is null;
}

/// <summary>The gateway's events by status, from one snapshot.</summary>
/// <param name="QueuedMessages">Distributed: approximate number of messages not yet stored.</param>
internal sealed record EventCounts(long Accepted, long Pending, long Processed, long Failed, long? QueuedMessages)
{
    public long Dismissed { get; init; }

    public long Settled => Processed + Failed + Dismissed;

    public bool IsIdle => Pending == 0 && QueuedMessages is null or 0;
}
