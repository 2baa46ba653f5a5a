using Gateway.Shared.Idempotency;

namespace Gateway.Shared.Tests.Idempotency;

/// <summary>A cache as an adapter provides it to the contract suite.</summary>
internal abstract class IdempotencyHarness : IAsyncDisposable
{
    public abstract IIdempotencyService Service { get; }

    public abstract ValueTask OpenAsync();

    /// <summary>The cache of another gateway on the same server, with another prefix.</summary>
    public abstract Task<IdempotencyHarness> NeighbourAsync();

    /// <summary>The backend is gone for good.</summary>
    public abstract ValueTask BreakAsync();

    public abstract ValueTask DisposeAsync();
}
