using Gateway.EventsGateway.Repositories;
using Gateway.Shared;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Queue;

/// <summary>Embedded, the store is the queue: the door's commit writes the row, there is nothing to consume.</summary>
internal sealed class EventQueueSqlite(
    IEventRepository events, WorkSignal work, TimeProvider time, ILogger<EventQueueSqlite> log) : IEventQueue
{
    private readonly LogLimiter _conflicts = new(time);

    public async Task<IReadOnlyList<EnqueueResult>> EnqueueAsync(IReadOnlyList<AcceptedEvent> group)
    {
        var added = await events.AddAsync(group);
        var answers = new EnqueueResult[group.Count];
        for (var i = 0; i < added.Count; i++)
        {
            answers[i] = added[i].IsNew ? EnqueueResult.New : EnqueueResult.Duplicate;
            if (added[i].BodyDiffers && _conflicts.Allows()) EventsGatewayLog.Conflict(log, group[i].Key);
        }

        work.Raise();
        return answers;
    }

    public Task ProbeAsync() => events.ProbeAsync();
}
