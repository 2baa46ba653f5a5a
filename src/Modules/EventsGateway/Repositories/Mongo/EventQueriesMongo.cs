using Gateway.EventsGateway.Entities;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.EventConditions;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

internal sealed class EventQueriesMongo(MongoConnection mongo, TimeProvider clock) : IEventQueries
{
    // Without the id, the index alone is read.
    private static readonly BsonDocument ReceivedAt = new() { { "_id", 0 }, { "receivedAt", 1 } };

    public Task<IReadOnlyList<EventEntity>> ListAsync(
        EventFilter filter, EventCursor? after, int limit, CancellationToken cancellationToken)
    {
        var clause = new EventFilterQuery(filter);
        if (after is not null) clause.After(after);
        return mongo.UseAsync<IReadOnlyList<EventEntity>>(EventDocument.Collection,
            async (events, stop) =>
            {
                var rows = new List<BsonDocument>();
                var by = new FindOptions { Hint = clause.Index };
                foreach (var window in clause.Windows(clock.GetUtcNow()).TakeWhile(_ => rows.Count < limit))
                {
                    rows.AddRange(await events.Find(window, by).Sort(EventFilterQuery.NewestFirst).Limit(limit - rows.Count)
                        .Project(EventDocument.WithoutBody).ToListAsync(stop));
                }

                return [.. rows.Select(EventDocument.Read)];
            },
            cancellationToken);
    }

    public Task<int> CountAsync(EventFilter filter, int atMost, CancellationToken cancellationToken)
    {
        var clause = new EventFilterQuery(filter);
        return mongo.UseAsync(EventDocument.Collection,
            async (events, stop) => (int)await events.CountDocumentsAsync(
                clause.Query, new CountOptions { Limit = atMost, Hint = clause.Index }, stop),
            cancellationToken);
    }

    public Task<DateTimeOffset?> ReceivedAtAsync(DateTimeOffset? before, int newer, CancellationToken cancellationToken)
    {
        var clause = new EventFilterQuery(new EventFilter { To = before });
        return mongo.UseAsync(EventDocument.Collection,
            async (events, stop) => await events.Find(clause.Query, new FindOptions { Hint = EventSchema.ReceivedIndex })
                .Sort(EventFilterQuery.NewestFirst).Skip(newer).Limit(1).Project(ReceivedAt).FirstOrDefaultAsync(stop) is { } row
                    ? BsonFields.Time(row, "receivedAt")
                    : null,
            cancellationToken);
    }

    public Task<EventEntity?> FindAsync(EventKey key, CancellationToken cancellationToken)
        => mongo.UseAsync(EventDocument.Collection,
            async (events, stop) =>
            {
                var row = await events.Find(Of(key).Add("outcome", Op("$ne", EventOutcome.Erased)))
                    .Project(EventDocument.WithAcceptances).FirstOrDefaultAsync(stop);
                return row is null ? null : EventDocument.Read(row, clock.GetUtcNow());
            },
            cancellationToken);

    public Task<FailureGroups> GroupFailuresAsync(int limit, string? source, CancellationToken cancellationToken)
        => mongo.UseAsync(EventDocument.Collection, (events, stop) => FailureGroupQuery.GroupAsync(events, limit, source, stop),
            cancellationToken);

    public Task<IReadOnlyList<EventShare>> ShareAsync(EventFilter filter, int newest, CancellationToken cancellationToken)
        => mongo.UseAsync(
            EventDocument.Collection,
            (events, stop) => FailureGroupQuery.ShareAsync(events, new EventFilterQuery(filter), newest, stop),
            cancellationToken);

    public Task<IReadOnlyList<OpenContainers>> CountContainersAsync(CancellationToken cancellationToken)
        => mongo.UseAsync(EventDocument.Collection, FailureGroupQuery.CountContainersAsync, cancellationToken);

    public Task<Tombstone?> FindTombstoneAsync(EventKey key, CancellationToken cancellationToken)
        => mongo.UseAsync(EventDocument.Collection, (events, stop) => Tombstones.FindAsync(events.Database, key, stop),
            cancellationToken);

    public Task<EventCounts> CountAsync(CancellationToken cancellationToken)
        => mongo.UseAsync(EventDocument.Collection, (events, stop) => CountQueries.CountAsync(events, clock.GetUtcNow(), stop),
            cancellationToken);

    public Task<PendingEvents> PendingAsync(CancellationToken cancellationToken)
        => mongo.UseAsync(EventDocument.Collection, (events, stop) => CountQueries.PendingAsync(events, clock.GetUtcNow(), stop),
            cancellationToken);
}
