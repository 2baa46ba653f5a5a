using Gateway.Shared.Idempotency;

namespace Gateway.Shared.Tests.Idempotency;

/// <summary>A filter with what lies behind it, as an adapter provides it to the contract suite.</summary>
internal abstract class IdempotencyHarness : IAsyncDisposable
{
    public abstract IIdempotencyService Service { get; }

    public abstract ValueTask OpenAsync();

    /// <summary>Another gateway's filter at the same place, its keys apart from ours.</summary>
    public abstract Task<IdempotencyHarness> NeighbourAsync();

    /// <summary>The engine is gone for good.</summary>
    public abstract ValueTask BreakAsync();

    public abstract ValueTask DisposeAsync();
}
