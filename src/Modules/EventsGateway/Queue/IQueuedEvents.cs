using Gateway.EventsGateway.Entities;
using Gateway.Shared.Errors;

namespace Gateway.EventsGateway.Queue;

/// <summary>The reading end of the queue. The Embedded profile has none: there the store is the queue.</summary>
internal interface IQueuedEvents
{
    /// <summary>
    /// Passes group after group to <paramref name="store"/> until <paramref name="stop"/>. When <paramref name="store"/> returns,
    /// the queue removes the group. When it throws, all messages that are held return to the queue and the fault is rethrown;
    /// faults of the queue are thrown as <see cref="BackendUnavailableException"/>. A message that cannot be read is passed on as
    /// a <see cref="AcceptedEvent.Quarantined"/> event. <paramref name="onStarted"/> is called when reading begins.
    /// </summary>
    Task ConsumeAsync(Func<IReadOnlyList<AcceptedEvent>, Task> store, CancellationToken stop, Action? onStarted = null);

    /// <summary>Messages that wait in the queue: an approximation.</summary>
    Task<long> CountAsync();
}
