using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;

namespace Gateway.EventsGateway.Tests.Contracts;

/// <summary>A queue and its reading end, as an adapter provides them to the contract suite.</summary>
internal abstract class QueueHarness : IAsyncDisposable
{
    public abstract IEventQueue Queue { get; }

    public abstract ValueTask OpenAsync();

    /// <summary>Queue and process restart on the same data.</summary>
    public abstract ValueTask ReopenAsync();

    /// <summary>The backend becomes unavailable: nothing can be made durable.</summary>
    public abstract ValueTask BreakAsync();

    /// <summary>The events that arrived, once there are <paramref name="count"/>; in any order.</summary>
    public abstract Task<IReadOnlyList<AcceptedEvent>> ArrivedAsync(int count);

    public abstract ValueTask DisposeAsync();
}
