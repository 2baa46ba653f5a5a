namespace Gateway.LoadTest.Generate.Events;

/// <summary>
/// Decides which event is sent next. A share of the events is repeated: every second one immediately, the others later in the
/// run, every fourth one twice. The limit counts all requests, duplicates included.
/// </summary>
internal sealed class EventPlan(long limit, double duplicates)
{
    private const int MaxDistance = 2_000;

    private readonly Lock _lock = new();
    private readonly PriorityQueue<long, long> _repeats = new();
    private readonly Random _random = new(20260225);
    private long _sentCount;
    private long _eventCount;
    private long _repeatedCount;

    /// <summary>False when the limit is reached.</summary>
    public bool TryNext(out long number, out bool isRepeat)
    {
        lock (_lock)
        {
            (number, isRepeat) = (-1, false);
            if (_sentCount >= limit) return false;
            var onlyRepeatsFit = _repeats.Count > 0 && limit - _sentCount <= _repeats.Count;
            if (_repeats.TryPeek(out _, out var due) && (onlyRepeatsFit || due <= _sentCount))
                (number, isRepeat) = (_repeats.Dequeue(), true);
            else PlanRepeats(number = _eventCount++);
            _sentCount++;
            return true;
        }
    }

    private void PlanRepeats(long number)
    {
        // The n-th repeated event is the one that crosses n / share, so the share is exact.
        if ((long)((number + 1) * duplicates) == (long)(number * duplicates)) return;
        PlanRepeat(number, immediately: ++_repeatedCount % 2 == 0);
        if (_repeatedCount % 4 == 0) PlanRepeat(number, immediately: false);
    }

    private void PlanRepeat(long number, bool immediately)
    {
        var available = limit - _sentCount - 1 - _repeats.Count;
        if (available <= 0) return;
        var distance = immediately ? 1 : _random.NextInt64(2, 2 + Math.Min(available, MaxDistance));
        _repeats.Enqueue(number, _sentCount + distance);
    }
}
