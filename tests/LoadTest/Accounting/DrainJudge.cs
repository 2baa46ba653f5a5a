using Gateway.LoadTest.Operator;

namespace Gateway.LoadTest.Accounting;

/// <summary>What to do after a look at the counts.</summary>
internal enum DrainStep
{
    Wait,

    /// <summary>It may be over: whether every promised event is there, the rows tell.</summary>
    ReadRows,

    /// <summary>Nothing is on its way any more, though something is missing.</summary>
    GiveUp,
}

/// <summary>
/// Judges counts as they come in. They only say when a look at the rows is worth while: events that were answered 503 and got in
/// are among the settled ones, and what a consumer holds unacknowledged is in no count.
/// </summary>
internal sealed class DrainJudge(EventCounts before, long promised)
{
    // Standalone writes before it promises: what is not there by then will not come.
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private bool _hasQueue = before.QueuedMessages is not null;
    private EventCounts? _last;
    private TimeSpan _movedAt;
    private bool _rowsRead;

    /// <param name="at">Since the drain began.</param>
    /// <param name="counts">Null when they, or the rows, could not be had.</param>
    public DrainStep Next(TimeSpan at, EventCounts? counts)
    {
        _hasQueue |= counts?.QueuedMessages is not null;
        if (counts is null || counts != _last || IsBrokerAway(counts)) (_movedAt, _rowsRead) = (at, false);
        _last = counts;
        if (counts is null || !counts.IsIdle || IsBrokerAway(counts)) return DrainStep.Wait;

        var isQuiet = at - _movedAt > Quiet;
        if (!_rowsRead && (isQuiet || counts.Settled - before.Settled >= promised))
        {
            _rowsRead = true;
            return DrainStep.ReadRows;
        }

        // A promise may be in the broker for as long as the limit allows: only the limit ends that.
        return isQuiet && !_hasQueue ? DrainStep.GiveUp : DrainStep.Wait;
    }

    private bool IsBrokerAway(EventCounts counts) => _hasQueue && counts.QueuedMessages is null;
}
