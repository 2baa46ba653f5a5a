using Gateway.EventsGateway.Entities;
using Gateway.Shared.Errors;

namespace Gateway.EventsGateway.Queue;

/// <summary>The other end of the queue, where a store is not the queue itself.</summary>
internal interface IQueuedEvents
{
    /// <summary>
    /// Hands over group after group, until it is stopped. A group whose <paramref name="store"/> returned is forgotten by
    /// the queue. When it throws, everything that is held goes back into the queue and the fault comes out here; faults of
    /// the queue come out as <see cref="BackendUnavailableException"/>. What cannot be read comes as a
    /// <see cref="AcceptedEvent.Quarantined"/> event. <paramref name="onStarted"/> is told once the queue is being read.
    /// </summary>
    Task ConsumeAsync(Func<IReadOnlyList<AcceptedEvent>, Task> store, CancellationToken stop, Action? onStarted = null);

    /// <summary>Messages that wait to be handed over: a hint.</summary>
    Task<long> CountAsync();
}
