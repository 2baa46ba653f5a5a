using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;

namespace Gateway.EventsGateway.Tests.Contracts;

/// <summary>A queue and what lies behind it, as an adapter provides it to the contract suite.</summary>
internal abstract class QueueHarness : IAsyncDisposable
{
    public abstract IEventQueue Queue { get; }

    public abstract ValueTask OpenAsync();

    /// <summary>Queue and process end and start again on the same data.</summary>
    public abstract ValueTask ReopenAsync();

    /// <summary>The engine is gone: nothing can be made durable.</summary>
    public abstract ValueTask BreakAsync();

    /// <summary>What has come out at the other end, once it is <paramref name="count"/> events; no order is promised.</summary>
    public abstract Task<IReadOnlyList<AcceptedEvent>> ArrivedAsync(int count);

    public abstract ValueTask DisposeAsync();
}
