using System.Threading.Tasks.Sources;

namespace Gateway.LoadTest.Generate.Pacing;

/// <summary>Decides when a free connection sends its next request.</summary>
internal interface IPacer
{
    /// <summary>The next slot, or none when the run is over.</summary>
    ValueTask<SendSlot> NextAsync(SlotWaiter waiter);

    /// <summary>Starts the run; no slot is assigned before.</summary>
    void Start();

    /// <summary>Ends the run; waiting connections receive none.</summary>
    void Stop();
}

/// <summary>The permission to send one request.</summary>
/// <param name="DueAt">The time at which the request is due, as a <see cref="System.Diagnostics.Stopwatch"/> timestamp; its
/// latency counts from there.</param>
internal readonly record struct SendSlot(long DueAt)
{
    public static SendSlot None => default;

    public bool IsNone => DueAt == 0;
}

/// <summary>
/// Lets a connection wait for a slot; reused for every request. The continuation runs on the thread that assigns the slot:
/// a switch to the thread pool would cost more than the request.
/// </summary>
internal sealed class SlotWaiter : IValueTaskSource<SendSlot>
{
    private ManualResetValueTaskSourceCore<SendSlot> _source;

    public ValueTask<SendSlot> WaitAsync()
    {
        _source.Reset();
        return new ValueTask<SendSlot>(this, _source.Version);
    }

    public void Assign(SendSlot slot) => _source.SetResult(slot);

    SendSlot IValueTaskSource<SendSlot>.GetResult(short token) => _source.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<SendSlot>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<SendSlot>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags)
        => _source.OnCompleted(continuation, state, token, flags);
}
