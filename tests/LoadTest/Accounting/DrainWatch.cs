using System.Diagnostics;
using Gateway.LoadTest.Operator;

namespace Gateway.LoadTest.Accounting;

/// <summary>Waits until everything that was promised is settled, telling how far it is.</summary>
internal sealed class DrainWatch(OperatorClient gateway, TimeSpan limit, Action<DrainMoment> tell)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    // Events between the queue and the store are in no count; nothing stays there for so long.
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private readonly List<DrainMoment> _moments = [];

    public IReadOnlyList<DrainMoment> Moments => _moments;

    /// <summary>False when the limit was reached, or when nothing moves though something is missing.</summary>
    public async Task<bool> WaitAsync(EventCounts before, long promised, string merchantId, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var movedAt = began;
        EventCounts? last = null;
        while (Stopwatch.GetElapsedTime(began) < limit)
        {
            var asked = Stopwatch.GetTimestamp();
            if (await TryCountsAsync(cancellationToken) is { } counts)
            {
                Note(Stopwatch.GetElapsedTime(began), counts, counts.Settled - before.Settled, promised);
                if (counts.Settled - before.Settled >= promised && !await gateway.AnyPendingAsync(merchantId, cancellationToken)) return true;
                if (counts != last) movedAt = asked;
                if (counts.IsIdle && Stopwatch.GetElapsedTime(movedAt) > Quiet) return false;
                last = counts;
            }

            await RestAfterAsync(asked, cancellationToken);
        }

        return false;
    }

    /// <summary>Whoever sent it: until nothing is pending. False when the limit was reached.</summary>
    public async Task<bool> WaitUntilIdleAsync(CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        EventCounts? first = null;
        while (Stopwatch.GetElapsedTime(began) < limit)
        {
            var asked = Stopwatch.GetTimestamp();
            if (await TryCountsAsync(cancellationToken) is { } counts)
            {
                first ??= counts;
                Note(Stopwatch.GetElapsedTime(began), counts, counts.Settled - first.Settled, counts.Accepted - first.Settled);
                if (counts.IsIdle) return true;
            }

            await RestAfterAsync(asked, cancellationToken);
        }

        return false;
    }

    /// <summary>Null while the gateway or its store is away: a restart during a drain is what a drain should outlive.</summary>
    private async Task<EventCounts?> TryCountsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await gateway.CountsAsync(cancellationToken);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    // Counting a million rows takes a while: the question must not become the load.
    private static Task RestAfterAsync(long asked, CancellationToken cancellationToken)
    {
        var took = Stopwatch.GetElapsedTime(asked);
        return Task.Delay(took * 5 > Pause ? took * 5 : Pause, cancellationToken);
    }

    private void Note(TimeSpan at, EventCounts counts, long settled, long promised)
    {
        var moment = new DrainMoment(at.TotalSeconds, settled, promised, counts.Pending, counts.QueuedMessages);
        _moments.Add(moment);
        tell(moment);
    }
}
