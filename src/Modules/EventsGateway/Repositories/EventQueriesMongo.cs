using Gateway.EventsGateway.Events;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.EventStatementsMongo;
using static Gateway.EventsGateway.Repositories.ExpressionMongo;

namespace Gateway.EventsGateway.Repositories;

internal sealed class EventQueriesMongo(MongoConnection mongo, TimeProvider clock) : IEventQueries
{
    public Task<IReadOnlyList<EventEntity>> ListAsync(
        EventFilter filter, EventCursor? after, int limit, CancellationToken cancellationToken)
    {
        var clause = new EventFilterMongo(filter);
        if (after is not null) clause.After(after);
        return UseAsync<IReadOnlyList<EventEntity>>(
            async (events, stop) =>
            {
                var rows = new List<BsonDocument>();
                var by = new FindOptions { Hint = clause.Index };
                foreach (var window in clause.Windows(clock.GetUtcNow()).TakeWhile(_ => rows.Count < limit))
                {
                    rows.AddRange(await events.Find(window, by).Sort(clause.NewestFirst).Limit(limit - rows.Count)
                        .Project(EventRowMongo.WithoutBody).ToListAsync(stop));
                }

                return [.. rows.Select(EventRowMongo.Read)];
            },
            cancellationToken);
    }

    public Task<EventEntity?> FindAsync(EventKey key, CancellationToken cancellationToken)
        => UseAsync(
            async (events, stop) =>
            {
                var row = await events.Find(Of(key).Add("outcome", Op("$ne", EventOutcome.Erased))).Project(EventRowMongo.WithBody).FirstOrDefaultAsync(stop);
                return row is null ? null : EventRowMongo.Read(row, clock.GetUtcNow());
            },
            cancellationToken);

    public Task<FailureGroups> GroupFailuresAsync(int limit, CancellationToken cancellationToken)
        => UseAsync((events, stop) => FailureGroupsMongo.GroupAsync(events, limit, stop), cancellationToken);

    public Task<Tombstone?> FindTombstoneAsync(EventKey key, CancellationToken cancellationToken)
        => UseAsync((events, stop) => TombstonesMongo.FindAsync(events.Database, key, stop), cancellationToken);

    public Task<EventCounts> CountAsync(CancellationToken cancellationToken)
        => UseAsync((events, stop) => EventCountsMongo.CountAsync(events, clock.GetUtcNow(), stop), cancellationToken);

    public Task<PendingEvents> PendingAsync(CancellationToken cancellationToken)
        => UseAsync((events, stop) => EventCountsMongo.PendingAsync(events, clock.GetUtcNow(), stop), cancellationToken);

    private Task<T> UseAsync<T>(Func<IMongoCollection<BsonDocument>, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
        => mongo.UseAsync((database, limit) => work(EventRowMongo.In(database), limit), cancellationToken);
}
