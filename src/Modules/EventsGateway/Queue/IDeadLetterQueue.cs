using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Queue;

/// <summary>Tells whoever listens that events have failed. A copy: the store has the event and the replay.</summary>
internal interface IDeadLetterQueue
{
    /// <summary>Returns when all are durable; else <see cref="Shared.Errors.BackendUnavailableException"/>, and any of them may be.</summary>
    Task PublishAsync(IReadOnlyList<EventEntity> failed);
}
