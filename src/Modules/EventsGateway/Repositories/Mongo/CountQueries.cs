using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// Counts from indexes alone: all events by key, which never changes, and the few pending, failed and dismissed ones by status.
/// All others are processed. So the sum is exact while events change their status.
/// </summary>
internal static class CountQueries
{
    // After these repetitions, while removals keep completing, the counts may be wrong by the events of one removal.
    private const int MostRounds = 3;

    // Matches each text. Rows of the NestJS original have no company and do not match.
    private static readonly BsonDocument Ours = new("shippingCompanyId", Op("$gte", ""));

    private static readonly FindOptions ByStatus = new() { Hint = EventSchema.StatusIndex };

    public static async Task<EventCounts> CountAsync(
        IMongoCollection<BsonDocument> events, DateTimeOffset now, CancellationToken limit)
    {
        // All reads see one snapshot on a replica set; a standalone server has no snapshots.
        var client = events.Database.Client;
        var isSet = client.Cluster.Description.Type == ClusterType.ReplicaSet;
        using var session = await client.StartSessionAsync(new ClientSessionOptions { Snapshot = isSet }, limit);
        EventCounts counts;
        var rounds = 0;
        // Repeated when rows were removed meanwhile: they could be counted twice, or not at all.
        do counts = await CountAsync(events, session, now, limit);
        while (++rounds < MostRounds && counts.Removed != await RemovedCounters.CountAsync(events.Database, session, limit));
        return counts;
    }

    /// <summary>Pending events alone: counting all events takes longer the more there are.</summary>
    public static async Task<PendingEvents> PendingAsync(
        IMongoCollection<BsonDocument> events, DateTimeOffset now, CancellationToken limit)
    {
        using var session = await events.Database.Client.StartSessionAsync(null, limit);
        var due = await events.Find(
            session, EventConditions.Due(now.ToUnixTimeMilliseconds()), new FindOptions { Hint = EventSchema.DueIndex })
            .Sort(Ascending("dueAt")).Limit(1).Project(Ascending("dueAt")).FirstOrDefaultAsync(limit);
        return new PendingEvents(
            await CountAsync(events, session, "pending", limit), await OldestAsync(events, session, now, limit),
            due is null ? null : now - BsonFields.Time(due, "dueAt"));
    }

    private static async Task<EventCounts> CountAsync(
        IMongoCollection<BsonDocument> events, IClientSessionHandle session, DateTimeOffset now, CancellationToken limit)
    {
        var removed = await RemovedCounters.CountAsync(events.Database, session, limit);
        // In this order a pending event never counts as processed. An event that arrives after the first count is not counted,
        // and an event that fails between the last two counts is counted too late.
        var all = await CountAllAsync(events, session, limit);
        var pending = await CountAsync(events, session, "pending", limit);
        var failed = await CountAsync(events, session, "failed", limit);
        var dismissed = await CountAsync(events, session, "dismissed", limit);
        return new EventCounts(
            pending, Math.Max(0, all - pending - failed - dismissed) + removed.Processed, failed + removed.Failed,
                await OldestAsync(events, session, now, limit))
        {
            Dismissed = dismissed + removed.Dismissed,
            Removed = removed,
        };
    }

    private static Task<long> CountAsync(
        IMongoCollection<BsonDocument> events, IClientSessionHandle session, string status, CancellationToken limit)
        => events.CountDocumentsAsync(
            session, new BsonDocument("status", status).AddRange(Ours),
                new CountOptions { Hint = EventSchema.StatusIndex }, limit);

    private static async Task<TimeSpan?> OldestAsync(
        IMongoCollection<BsonDocument> events, IClientSessionHandle session, DateTimeOffset now, CancellationToken limit)
    {
        var first = await LookAsync(1);
        // The row that was received first is the oldest, unless it was replayed.
        var waits = first.Any(wait => wait.Generation > 1) ? await LookAsync(PendingAge.Looked) : first;
        return PendingAge.Longest(waits, now);

        async Task<List<PendingAge>> LookAsync(int atMost)
        {
            var rows = await events.Find(
                session, new BsonDocument { { "status", "pending" }, { "receivedAt", Exists(true) } }, ByStatus)
                .Sort(Ascending("receivedAt")).Limit(atMost)
                .Project(Ascending("generation", "receivedAt", "requeuedAt", "tries", "dueAt")).ToListAsync(limit);
            return [.. rows.Select(EventDocument.Read).Select(
                e => new PendingAge(e.Generation, e.ReceivedAt, e.RequeuedAt, e.Tries, e.DueAt))];
        }
    }

    /// <summary>By _id, which is several times faster; by key where the collection has rows of the NestJS original.</summary>
    private static async Task<long> CountAllAsync(
        IMongoCollection<BsonDocument> events, IClientSessionHandle session, CancellationToken limit)
    {
        var isAnyLegacy = await events.Find(session, EventDocument.IsLegacy).Limit(1).Project(Ascending("_id")).AnyAsync(limit);
        return isAnyLegacy
            ? await events.CountDocumentsAsync(session, Ours, new CountOptions { Hint = EventSchema.KeyIndex }, limit)
            : await events.CountDocumentsAsync(session, new BsonDocument(), new CountOptions { Hint = "_id_" }, limit);
    }
}
