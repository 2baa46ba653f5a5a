using System.Diagnostics;

namespace Gateway.LoadTest.Pacing;

/// <summary>One request for each connection, all released at once; everybody's latency counts from the release.</summary>
internal sealed class BurstPace : IPace
{
    private readonly Lock _gate = new();
    private readonly List<Waiter> _waiting = [];
    private readonly HashSet<Waiter> _served = [];

    /// <summary>How long the release itself took: the client's own share of the time.</summary>
    public TimeSpan Release { get; private set; }

    public ValueTask<Turn> NextAsync(Waiter waiter)
    {
        lock (_gate)
        {
            if (!_served.Add(waiter)) return ValueTask.FromResult(Turn.None);
            _waiting.Add(waiter);
            return waiter.WaitAsync();
        }
    }

    public void Begin()
    {
        var turn = new Turn(Stopwatch.GetTimestamp());
        foreach (var waiter in TakeWaiting()) waiter.Give(turn);
        Release = Stopwatch.GetElapsedTime(turn.DueAt);
    }

    public void End()
    {
        foreach (var waiter in TakeWaiting()) waiter.Give(Turn.None);
    }

    private List<Waiter> TakeWaiting()
    {
        lock (_gate)
        {
            List<Waiter> waiting = [.. _waiting];
            _waiting.Clear();
            return waiting;
        }
    }
}
