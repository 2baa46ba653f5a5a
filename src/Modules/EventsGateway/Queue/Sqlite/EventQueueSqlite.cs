using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Hosting;

namespace Gateway.EventsGateway.Queue.Sqlite;

/// <summary>Embedded, the store is the queue: the door's commit writes the row, there is nothing to consume.</summary>
internal sealed class EventQueueSqlite(IEventRepository events, WorkSignal work, Conflicts conflicts) : IEventQueue
{
    public async Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(IReadOnlyList<AcceptedEvent> group)
    {
        var added = await events.AddAsync(group);
        var answers = new EnqueueResult[group.Count];
        for (var i = 0; i < added.Count; i++)
        {
            answers[i] = added[i].IsNew ? EnqueueResult.New : EnqueueResult.Duplicate;
            if (added[i].BodyDiffers) conflicts.Add(group[i]);
        }

        work.Raise();
        return answers;
    }

    public Task ProbeAsync() => events.ProbeAsync();
}
