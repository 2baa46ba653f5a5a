using Gateway.EventsGateway.Routing;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// The calls that this worker makes at once. An attempt that waits for the store takes no slot, so claims run ahead of the calls:
/// the seven round trips of an event to a store 50 ms away take 350 ms, so 100 events in work are at most 290 per second. Beside
/// slow calls few attempts wait for the store, and the events in work are about as many as the slots.
/// </summary>
internal sealed class CallSlots(
    RoutingTarget target, CallPace pace, WorkSignal work, IOptions<ProcessingOptions> processing,
    IOptions<RoutingOptions> routing, TimeProvider time) : IDisposable
{
    /// <summary>So many attempts per slot may wait for the store: the limit of memory, and of what a crash abandons.</summary>
    private const int AtStorePerSlot = 3;

    private readonly SemaphoreSlim _calls = new(target.SlotsOf(processing.Value.Prefetch));

    /// <summary>The rest of the attempt is for the call. Usually a slot is free at once.</summary>
    private readonly TimeSpan _longestWait =
        processing.Value.AttemptTimeout - routing.Value.Timeout - ProcessingOptions.Margin;

    private int _atStore;
    private long _ended;
    private long _endedBeforeClaim;

    public int Count { get; } = target.SlotsOf(processing.Value.Prefetch);

    /// <summary>
    /// How many more events may be in work. As many calls as have ended since the last claim began will end during the next one.
    /// While the service limits its calls, claims follow that limit alone.
    /// </summary>
    public int FreeBeside(int inWork)
    {
        var calls = pace.ConcurrencyOf(Count);
        if (calls < Count) return calls - inWork;
        var ahead = Volatile.Read(ref _atStore) + Volatile.Read(ref _ended) - Volatile.Read(ref _endedBeforeClaim);
        return calls + (int)Math.Min(ahead, AtStorePerSlot * Count) - inWork;
    }

    public void ClaimBegins() => Volatile.Write(ref _endedBeforeClaim, Volatile.Read(ref _ended));

    public async Task<T> AtStoreAsync<T>(Task<T> waiting)
    {
        Interlocked.Increment(ref _atStore);
        work.Wake();
        try
        {
            return await waiting;
        }
        finally
        {
            Interlocked.Decrement(ref _atStore);
        }
    }

    /// <summary>False where no slot becomes free in time for a call.</summary>
    public async Task<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        if (_calls.Wait(0, CancellationToken.None)) return true;
        using var timer = new CancellationTokenSource(_longestWait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            await _calls.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Return()
    {
        Interlocked.Increment(ref _ended);
        _calls.Release();
    }

    public void Dispose() => _calls.Dispose();
}
