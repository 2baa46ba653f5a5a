using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Queue;

internal enum EnqueueResult
{
    /// <summary>Not known to be durable: never a 2xx. First, so that a forgotten answer is this one.</summary>
    NotDurable,

    /// <summary>Durable, and not seen before (or seen only in a life that has failed).</summary>
    New,

    /// <summary>Durable since an earlier acceptance.</summary>
    Duplicate,
}

/// <summary>The shock absorber between door and store.</summary>
internal interface IEventQueue
{
    /// <summary>
    /// Makes a group durable and answers per event, in order. An event that fails never fails its neighbours;
    /// when nothing of the group could be made durable it throws <see cref="Shared.Errors.BackendUnavailableException"/>.
    /// </summary>
    Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(IReadOnlyList<AcceptedEvent> group);

    /// <summary>Returns when the queue could take an event now; else <see cref="Shared.Errors.BackendUnavailableException"/>.</summary>
    Task ProbeAsync();
}
