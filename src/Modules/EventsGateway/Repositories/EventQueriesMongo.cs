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
    private static readonly BsonDocument Ours = new("shippingCompanyId", Op("$gte", ""));

    private static readonly BsonDocument[] Grouping =
    [
        // What is erased waits for its removal, and nobody can do anything about it.
        Op("$match", new BsonDocument
        {
            { "status", "failed" }, { "shippingCompanyId", Op("$gte", "") }, { "outcome", Op("$ne", EventOutcome.Erased) },
        }),
        Op("$group", new BsonDocument
        {
            {
                "_id", new BsonDocument
                {
                    { "outcome", IfNull("$outcome", "") },
                    { "error", Cond(Op("$in", new BsonArray { IfNull("$outcome", ""), new BsonArray(EventOutcome.WithFewErrors) }), IfNull("$lastError", BsonNull.Value), BsonNull.Value) },
                }
            },
            { "n", new BsonDocument("$sum", 1) },
            { "oldest", new BsonDocument("$min", "$receivedAt") },
            { "newest", new BsonDocument("$max", "$receivedAt") },
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
                var rows = new List<BsonDocument>();
                foreach (var window in clause.Windows(clock.GetUtcNow()).TakeWhile(_ => rows.Count < limit))
                {
                    rows.AddRange(await events.Find(window).Sort(clause.NewestFirst).Limit(limit - rows.Count)
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
                return row is null ? null : EventRowMongo.Read(row);
            },
            cancellationToken);

    public Task<FailureGroups> GroupFailuresAsync(int limit, CancellationToken cancellationToken)
        => UseAsync(
            async (events, stop) =>
            {
                using var walk = await events.AggregateAsync<BsonDocument>(Grouping, new AggregateOptions { Hint = EventSchemaMongo.FailedIndex }, stop);
                return FailureGroups.Of([.. (await walk.ToListAsync(stop)).Select(Group)], limit);

                static FailureGroup Group(BsonDocument row) => new(
                    FieldMongo.Text(row["_id"].AsBsonDocument, "outcome") ?? "", FieldMongo.Text(row["_id"].AsBsonDocument, "error"), row["n"].ToInt64(),
                    FieldMongo.Time(row, "oldest") ?? default, FieldMongo.Time(row, "newest") ?? default);
            },
            cancellationToken);

    public Task<Tombstone?> FindTombstoneAsync(EventKey key, CancellationToken cancellationToken)
        => UseAsync((events, stop) => TombstonesMongo.FindAsync(events.Database, key, stop), cancellationToken);

    public Task<EventCounts> CountAsync(CancellationToken cancellationToken)
        => UseAsync(
            async (events, stop) =>
            {
                // A replica set reads one snapshot; a single server offers none.
                var client = events.Database.Client;
                var isSet = client.Cluster.Description.Type == ClusterType.ReplicaSet;
                using var session = await client.StartSessionAsync(new ClientSessionOptions { Snapshot = isSet }, stop);
                EventCounts counts;
                // Once more where rows went meanwhile: they might count twice, or not at all.
                do counts = await CountAsync(events, session, stop);
                while (counts.Removed != await RemovedCountsMongo.CountAsync(events.Database, session, stop));
                return counts;
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
    /// From indexes alone. All are counted by what never changes of them, and the few that are pending or failed by their
    /// status; processed are the others. So the sum is exact whatever moves meanwhile.
    /// </summary>
    private async Task<EventCounts> CountAsync(IMongoCollection<BsonDocument> events, IClientSessionHandle session, CancellationToken limit)
    {
        var removed = await RemovedCountsMongo.CountAsync(events.Database, session, limit);
        // In this order: nothing that is still pending is ever told to be processed, only the other way round. What comes after
        // the first of them is in none, and what fails between the others takes one from the processed for a moment.
        var all = await CountAllAsync(events, session, limit);
        var pending = await CountAsync("pending");
        var failed = await CountAsync("failed");
        var oldest = await events.Find(session, new BsonDocument { { "status", "pending" }, { "receivedAt", Exists(true) } }, new FindOptions { Hint = EventSchemaMongo.StatusIndex })
            .Sort(Ascending("receivedAt")).Limit(1).Project(Ascending("receivedAt")).FirstOrDefaultAsync(limit);
        return new EventCounts(
            pending, Math.Max(0, all - pending - failed) + removed.Processed, failed + removed.Failed,
            oldest is null ? null : clock.GetUtcNow() - FieldMongo.Time(oldest, "receivedAt"))
        {
            Removed = removed,
        };

        Task<long> CountAsync(string status) => events.CountDocumentsAsync(
            session, new BsonDocument("status", status).AddRange(Ours), new CountOptions { Hint = EventSchemaMongo.StatusIndex }, limit);
    }

    /// <summary>Beside rows of the original by the keys; else by the ids, which every server counts several times faster.</summary>
    private static async Task<long> CountAllAsync(IMongoCollection<BsonDocument> events, IClientSessionHandle session, CancellationToken limit)
    {
        var isAnyLegacy = await events.Find(session, EventFilterMongo.IsLegacy).Limit(1).Project(Ascending("_id")).AnyAsync(limit);
        return isAnyLegacy
            ? await events.CountDocumentsAsync(session, Ours, new CountOptions { Hint = EventSchemaMongo.KeyIndex }, limit)
            : await events.CountDocumentsAsync(session, new BsonDocument(), new CountOptions { Hint = "_id_" }, limit);
    }

    private Task<T> UseAsync<T>(Func<IMongoCollection<BsonDocument>, CancellationToken, Task<T>> work, CancellationToken cancellationToken)
        => mongo.UseAsync((database, limit) => work(EventRowMongo.In(database), limit), cancellationToken);
}
