using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Queue;

/// <summary>Publishes copies of failed events for other systems. The store keeps the events and serves their replay.</summary>
internal interface IDeadLetterQueue
{
    /// <summary>
    /// Returns when all copies are durable; else throws <see cref="Shared.Errors.BackendUnavailableException"/>, and any of them
    /// may be durable.
    /// </summary>
    Task PublishAsync(IReadOnlyList<EventEntity> failed);
}
