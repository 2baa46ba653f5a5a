using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Hosting;

namespace Gateway.EventsGateway.Queue.Sqlite;

/// <summary>In the Embedded profile the store is the queue: ingest writes the row that the worker claims.</summary>
internal sealed class EventQueueSqlite(IEventRepository events, EffectiveTimePolicy times, WorkSignal work) : IEventQueue
{
    public async Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(IReadOnlyList<AcceptedEvent> group)
    {
        var added = await events.AddAsync(times.Apply(group));
        work.Raise();
        return [.. added.Select(ResultOf)];
    }

    public Task ProbeAsync() => events.ProbeAsync();

    private static EnqueueResult ResultOf(AddedEvent added)
        => new(added.IsNew ? EnqueueStatus.New : EnqueueStatus.Duplicate, added.BodyDiffers);
}
