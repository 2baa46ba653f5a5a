using Gateway.EventsGateway.Events;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using static Gateway.EventsGateway.Repositories.EventStatementsMongo;
using static Gateway.EventsGateway.Repositories.ExpressionMongo;

namespace Gateway.EventsGateway.Repositories;

internal sealed class EventQueriesMongo(MongoConnection mongo, TimeProvider clock) : IEventQueries
{
    // Ours alone: any text is at least the empty one, and rows of the original have none.
    private static readonly BsonDocument[] Counting =
    [
        Op("$match", new BsonDocument { { "status", new BsonDocument("$gte", "") }, { "shippingCompanyId", new BsonDocument("$gte", "") } }),
        Op("$group", new BsonDocument
        {
            { "_id", "$status" }, { "n", new BsonDocument("$sum", 1) }, { "oldest", new BsonDocument("$min", "$receivedAt") },
        }),
    ];

    public Task<IReadOnlyList<EventEntity>> ListAsync(
        EventFilter filter, EventCursor? after, int limit, CancellationToken cancellationToken)
    {
        var clause = new EventFilterMongo(filter);
        if (after is not null) clause.After(after);
        return UseAsync<IReadOnlyList<EventEntity>>(
            async (events, stop) =>
            {
                var rows = await events.Find(clause.Query).Sort(clause.NewestFirst).Limit(limit).Project(EventRowMongo.WithoutBody).ToListAsync(stop);
                return [.. rows.Select(EventRowMongo.Read)];
            },
            cancellationToken);
    }

    public Task<EventEntity?> FindAsync(EventKey key, CancellationToken cancellationToken)
        => UseAsync(
            async (events, stop) =>
            {
                var row = await events.Find(Of(key)).Project(EventRowMongo.WithBody).FirstOrDefaultAsync(stop);
                return row is null ? null : EventRowMongo.Read(row);
            },
            cancellationToken);

    public Task<EventCounts> CountAsync(CancellationToken cancellationToken)
        => UseAsync(
            async (events, stop) =>
            {
                var groups = (await CountAsync(events, stop)).ToDictionary(group => FieldMongo.Text(group, "_id") ?? "");
                var oldest = groups.GetValueOrDefault("pending") is { } pending ? FieldMongo.Time(pending, "oldest") : null;
                return new EventCounts(N("pending"), N("processed"), N("failed"), oldest is null ? null : clock.GetUtcNow() - oldest);

                long N(string status) => groups.TryGetValue(status, out var group) ? group["n"].ToInt64() : 0;
            },
            cancellationToken);

    public Task<TimeSpan?> OldestDueAsync(CancellationToken cancellationToken)
        => UseAsync(
            async (events, stop) =>
            {
                var now = clock.GetUtcNow();
                var oldest = await events.Find(Due(now.ToUnixTimeMilliseconds()), new FindOptions { Hint = EventSchemaMongo.DueIndex })
                    .Sort(Ascending("dueAt")).Limit(1).Project(Ascending("dueAt")).FirstOrDefaultAsync(stop);
                return oldest is null ? null : now - FieldMongo.Time(oldest, "dueAt");
            },
            cancellationToken);

    /// <summary>
    /// A replica set reads one snapshot, from the index of the statuses alone. A single server offers none: there the
    /// walk goes along the keys, which never change, so that an event that moves meanwhile is still counted once.
    /// </summary>
    private static async Task<IReadOnlyList<BsonDocument>> CountAsync(IMongoCollection<BsonDocument> events, CancellationToken limit)
    {
        var client = events.Database.Client;
        if (client.Cluster.Description.Type != ClusterType.ReplicaSet)
        {
            using var walk = await events.AggregateAsync<BsonDocument>(Counting, new AggregateOptions { Hint = EventSchemaMongo.KeyIndex }, limit);
            return await walk.ToListAsync(limit);
        }

        using var snapshot = await client.StartSessionAsync(new ClientSessionOptions { Snapshot = true }, limit);
        var byStatus = new AggregateOptions { Hint = EventSchemaMongo.StatusIndex };
        using var counted = await events.AggregateAsync<BsonDocument>(snapshot, Counting, byStatus, limit);
        return await counted.ToListAsync(limit);
    }

    private Task<T> UseAsync<T>(Func<IMongoCollection<BsonDocument>, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
        => mongo.UseAsync((database, limit) => work(database.GetCollection<BsonDocument>(EventRowMongo.Collection), limit), cancellationToken);
}
