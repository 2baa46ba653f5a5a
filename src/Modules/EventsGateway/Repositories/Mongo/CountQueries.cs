using MongoDB.Bson;
using MongoDB.Driver;
using MongoDB.Driver.Core.Clusters;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// Counts by indexes alone: all events by their key, which never changes, and the few pending or failed ones by status. The
/// rest is processed. So the sum is exact while events change their status.
/// </summary>
internal static class CountQueries
{
    // While removals complete one after the other, counts that are off by some events are better than none.
    private const int MostRounds = 3;

    // Each text is at least the empty one; rows of the NestJS original have no company.
    private static readonly BsonDocument Ours = new("shippingCompanyId", Op("$gte", ""));

    private static readonly FindOptions ByStatus = new() { Hint = EventSchema.StatusIndex };

    public static async Task<EventCounts> CountAsync(
        IMongoCollection<BsonDocument> events, DateTimeOffset now, CancellationToken limit)
    {
        // A replica set reads one snapshot; a single server offers none.
        var client = events.Database.Client;
        var isSet = client.Cluster.Description.Type == ClusterType.ReplicaSet;
        using var session = await client.StartSessionAsync(new ClientSessionOptions { Snapshot = isSet }, limit);
        EventCounts counts;
        var rounds = 0;
        // Repeated where rows were removed meanwhile: they would count twice, or not at all.
        do counts = await CountAsync(events, session, now, limit);
        while (++rounds < MostRounds && counts.Removed != await RemovedCounters.CountAsync(events.Database, session, limit));
        return counts;
    }

    /// <summary>Without the sum, whose time grows with the number of events.</summary>
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
        // In this order a pending event never counts as processed. An event that arrives after the first count is in none of
        // them, and one that fails between the last two is missing from the processed for a moment.
        var all = await CountAllAsync(events, session, limit);
        var pending = await CountAsync(events, session, "pending", limit);
        var failed = await CountAsync(events, session, "failed", limit);
        return new EventCounts(
            pending, Math.Max(0, all - pending - failed) + removed.Processed, failed + removed.Failed,
                await OldestAsync(events, session, now, limit))
        {
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
        // Only behind a replayed event can an older one wait.
        var waits = first.Any(wait => wait.Generation > 1) ? await LookAsync(PendingAge.Looked) : first;
        return PendingAge.Longest(waits, now);

        async Task<List<PendingAge>> LookAsync(int atMost)
        {
            var rows = await events.Find(
                session, new BsonDocument { { "status", "pending" }, { "receivedAt", Exists(true) } }, ByStatus)
                .Sort(Ascending("receivedAt")).Limit(atMost).Project(Ascending("generation", "receivedAt", "requeuedAt"))
                    .ToListAsync(limit);
            return [.. rows.Select(EventDocument.Read).Select(e => new PendingAge(e.Generation, e.ReceivedAt, e.RequeuedAt))];
        }
    }

    /// <summary>By the ids, which a server counts several times faster; with rows of the NestJS original by the keys.</summary>
    private static async Task<long> CountAllAsync(
        IMongoCollection<BsonDocument> events, IClientSessionHandle session, CancellationToken limit)
    {
        var isAnyForeign = await events.Find(session, EventDocument.IsForeign).Limit(1).Project(Ascending("_id")).AnyAsync(limit);
        return isAnyForeign
            ? await events.CountDocumentsAsync(session, Ours, new CountOptions { Hint = EventSchema.KeyIndex }, limit)
            : await events.CountDocumentsAsync(session, new BsonDocument(), new CountOptions { Hint = "_id_" }, limit);
    }
}
