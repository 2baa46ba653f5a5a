namespace Gateway.LoadTest.Events;

/// <summary>
/// Which event is sent next. A share of them is sent again: every other one at once, beside its first, the rest some
/// time later in the run; every fourth a third time. A limit counts everything that is sent, repeats included.
/// </summary>
internal sealed class EventPlan(long limit, double duplicates)
{
    private const int LatestRepeat = 2_000;

    private readonly Lock _gate = new();
    private readonly PriorityQueue<long, long> _repeats = new();
    private readonly Random _random = new(20260225);
    private long _sends;
    private long _events;
    private long _twice;

    /// <summary>False when the limit is reached.</summary>
    public bool TryNext(out long number, out bool isRepeat)
    {
        lock (_gate)
        {
            (number, isRepeat) = (-1, false);
            if (_sends >= limit) return false;
            var mustRepeat = _repeats.Count > 0 && limit - _sends <= _repeats.Count;
            if (_repeats.TryPeek(out _, out var due) && (mustRepeat || due <= _sends))
                (number, isRepeat) = (_repeats.Dequeue(), true);
            else PlanRepeats(number = _events++);
            _sends++;
            return true;
        }
    }

    private void PlanRepeats(long number)
    {
        // The share is kept exactly, whatever the order: the n-th repeated event is the one that crosses n / share.
        if ((long)((number + 1) * duplicates) == (long)(number * duplicates)) return;
        PlanRepeat(number, atOnce: ++_twice % 2 == 0);
        if (_twice % 4 == 0) PlanRepeat(number, atOnce: false);
    }

    private void PlanRepeat(long number, bool atOnce)
    {
        var room = limit - _sends - 1 - _repeats.Count;
        if (room > 0) _repeats.Enqueue(number, _sends + (atOnce ? 1 : _random.NextInt64(2, 2 + Math.Min(room, LatestRepeat))));
    }
}
