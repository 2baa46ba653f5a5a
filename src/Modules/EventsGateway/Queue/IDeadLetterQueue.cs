using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Queue;

/// <summary>Publishes copies of failed events for other systems. The store keeps the events and serves their replay.</summary>
internal interface IDeadLetterQueue
{
    /// <summary>
    /// Returns when all copies are durable. Otherwise it throws <see cref="Shared.Errors.BackendUnavailableException"/>, and some
    /// of the copies may be durable.
    /// </summary>
    Task PublishAsync(IReadOnlyList<EventEntity> failed);
}
