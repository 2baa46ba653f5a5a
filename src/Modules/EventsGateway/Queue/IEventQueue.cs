using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Queue;

/// <summary>The buffer between ingest and store: it makes accepted events durable.</summary>
internal interface IEventQueue
{
    /// <summary>
    /// Makes a group durable and returns one result per event, in order. An event that fails does not affect the others;
    /// when the whole group fails it throws <see cref="Shared.Errors.BackendUnavailableException"/>.
    /// </summary>
    Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(IReadOnlyList<AcceptedEvent> group);

    /// <summary>Returns when the queue can take events; else <see cref="Shared.Errors.BackendUnavailableException"/>.</summary>
    Task ProbeAsync();
}

internal enum EnqueueStatus
{
    /// <summary>Not known to be durable: never a 2xx. The default, so that a missing result is this one.</summary>
    NotDurable,

    /// <summary>Durable, and either not seen before or requeued because it had failed.</summary>
    New,

    /// <summary>Durable since an earlier request.</summary>
    Duplicate,
}

/// <param name="Status">Whether the event is durable.</param>
/// <param name="IsConflict">Another body was accepted under the same key before, and it is kept.</param>
internal readonly record struct EnqueueResult(EnqueueStatus Status, bool IsConflict = false)
{
    public static readonly EnqueueResult NotDurable = new(EnqueueStatus.NotDurable);
    public static readonly EnqueueResult New = new(EnqueueStatus.New);
    public static readonly EnqueueResult Duplicate = new(EnqueueStatus.Duplicate);
}
