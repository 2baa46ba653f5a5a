using System.Diagnostics;
using Gateway.LoadTest.Operator;

namespace Gateway.LoadTest.Accounting;

/// <summary>Waits until everything that was promised is settled, telling how far it is.</summary>
internal sealed class DrainWatch(OperatorClient gateway, TimeSpan limit, Action<DrainMoment> tell)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly List<DrainMoment> _moments = [];

    public IReadOnlyList<DrainMoment> Moments => _moments;

    /// <summary>False when the limit was reached, or when nothing moves though something is missing.</summary>
    /// <param name="areAllThere">Reads the rows: whether every promised event is there and settled.</param>
    public async Task<bool> WaitAsync(
        EventCounts before, long promised, Func<CancellationToken, Task<bool>> areAllThere, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        var judge = new DrainJudge(before, promised);
        while (Stopwatch.GetElapsedTime(began) < limit)
        {
            var asked = Stopwatch.GetTimestamp();
            var counts = await TryAsync<EventCounts?>(async () => await gateway.CountsAsync(cancellationToken));
            if (counts is not null) Note(Stopwatch.GetElapsedTime(began), counts, counts.Settled - before.Settled, promised);
            var step = judge.Next(Stopwatch.GetElapsedTime(began), counts);
            if (step == DrainStep.GiveUp) return false;
            if (step == DrainStep.ReadRows)
            {
                var there = await TryAsync<bool?>(async () => await areAllThere(cancellationToken));
                if (there == true) return true;
                if (there is null) judge.Next(Stopwatch.GetElapsedTime(began), null);
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
            if (await TryAsync<EventCounts?>(async () => await gateway.CountsAsync(cancellationToken)) is { } counts)
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
    private static async Task<T?> TryAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (HttpRequestException)
        {
            return default;
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
