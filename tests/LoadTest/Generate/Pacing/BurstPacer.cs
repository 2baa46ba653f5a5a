using System.Diagnostics;

namespace Gateway.LoadTest.Generate.Pacing;

/// <summary>Releases one request per connection, all at once; every latency counts from the release.</summary>
internal sealed class BurstPacer : IPacer
{
    private readonly Lock _lock = new();
    private readonly List<SlotWaiter> _waiting = [];
    private readonly HashSet<SlotWaiter> _scheduled = [];

    /// <summary>Time that the client needed to send all requests.</summary>
    public TimeSpan ReleaseTime { get; private set; }

    public ValueTask<SendSlot> NextAsync(SlotWaiter waiter)
    {
        lock (_lock)
        {
            if (!_scheduled.Add(waiter)) return ValueTask.FromResult(SendSlot.None);
            _waiting.Add(waiter);
            return waiter.WaitAsync();
        }
    }

    public void Start()
    {
        var slot = new SendSlot(Stopwatch.GetTimestamp());
        foreach (var waiter in TakeWaiting()) waiter.Assign(slot);
        ReleaseTime = Stopwatch.GetElapsedTime(slot.DueAt);
    }

    public void Stop()
    {
        foreach (var waiter in TakeWaiting()) waiter.Assign(SendSlot.None);
    }

    private List<SlotWaiter> TakeWaiting()
    {
        lock (_lock)
        {
            List<SlotWaiter> waiting = [.. _waiting];
            _waiting.Clear();
            return waiting;
        }
    }
}
