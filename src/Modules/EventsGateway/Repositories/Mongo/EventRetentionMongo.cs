using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>TTL indexes expire tombstones and audit records; this class purges and trims, under a lease.</summary>
internal sealed class EventRetentionMongo(MongoConnection mongo, TimeProvider clock) : IEventRetention
{
    private const int Batch = 500;

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private static readonly BsonDocument ContentFields = new("$unset", new BsonDocument(
        new[]
        {
            "body", "payload", "payloadPartial", "headers", "traceparent", "requestId", "attempts", "acceptIds", "details",
            "mapped",
        }.ToDictionary(
            field => field, _ => (object)"")));

    private readonly string _me = Guid.NewGuid().ToString("N");
    private RetentionAges? _expiring;
    private bool _hasSetExpiry;

    public async Task<PurgeResult> PurgeOnceAsync(RetentionAges? ages)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (!await mongo.UseAsync(
            (database, limit) => JobLease.TakeAsync(database, "retention", _me, now, Lease, limit)))
        {
            return default;
        }

        int purged = 0, trimmed = 0;
        bool hasMore;
        try
        {
            if (ages is not null)
                (purged, trimmed) = await PurgeOnceAsync(now, now - (long)ages.ProcessedAfter.TotalMilliseconds);

            await mongo.UseAsync((database, limit) => ExpireAsync(database, ages, limit));
        }
        finally
        {
            // Runs after a fault too: earlier steps and erasures have begun these removals.
            hasMore = await mongo.UseAsync((database, limit) => Removals.FinishOldestAsync(database, now, limit));
        }

        return new PurgeResult(purged, trimmed, 0, hasMore || purged >= Batch || trimmed == Batch);
    }

    private async Task<(int Purged, int Trimmed)> PurgeOnceAsync(long now, long before)
        => (await mongo.UseAsync((database, limit) => PurgeAsync(
                database, "processed", "processedAt", EventSchema.SettledIndex, now, before, limit))
            + await mongo.UseAsync((database, limit) => PurgeAsync(
                database, "dismissed", "dismissedAt", EventSchema.DismissedIndex, now, before, limit)),
            await mongo.UseAsync((database, limit) => TrimAsync(database, before, limit)));

    private static async Task<int> PurgeAsync(
        IMongoDatabase database, string status, string at, string index, long now, long before, CancellationToken limit)
    {
        var events = EventDocument.In(database);
        var old = new BsonDocument
        {
            { "status", status }, { "shippingCompanyId", Exists(true) }, { EventDocument.PurgedAt, BsonNull.Value },
                { at, Op("$lte", new BsonDateTime(before)) },
            // A row of the NestJS original was processed before it was adopted; its age counts from its adoption.
            { "requeuedAt", new BsonDocument("$not", Op("$gt", new BsonDateTime(before))) },
        };
        var found = await events.Find(old, new FindOptions { Hint = index }).Limit(Batch)
            .Project(Ascending("shippingCompanyId", "eventId", "status", "processedAt")).ToListAsync(limit);
        if (found.Count == 0) return 0;
        await Tombstones.PurgeAsync(database, found, now, limit);
        var removal = await Removals.BeginAsync(database, now, limit);
        var taken = await events.UpdateManyAsync(
            In(found.Select(row => row["_id"])).Add("status", status).Add(Removals.Field, Exists(false)),
            new BsonDocument(ContentFields)
                .Add("$set", new BsonDocument { { EventDocument.PurgedAt, new BsonDateTime(now) }, { Removals.Field, removal } }),
                    null, limit);
        return (int)taken.ModifiedCount;
    }

    /// <summary>Keeps the fields end and lastEventAt, so that a late event gets the same routing decision as before.</summary>
    private static async Task<int> TrimAsync(IMongoDatabase database, long before, CancellationToken limit)
    {
        var shipments = ShipmentDocument.In(database);
        var ended = new BsonDocument { { "end", Exists(true) }, { "updatedAt", Op("$lte", new BsonDateTime(before)) } };
        var found = await shipments.Find(ended, new FindOptions { Hint = ShipmentSchema.EndedIndex }).Limit(Batch)
            .Project(Ascending("_id")).ToListAsync(limit);
        if (found.Count == 0) return 0;
        var trimmed = await shipments.UpdateManyAsync(
            In(found.Select(row => row["_id"])).AddRange(ended),
            new BsonDocument("$unset", new BsonDocument { { "merchantId", "" }, { "createdAt", "" }, { "updatedAt", "" } }),
                null, limit);
        return (int)trimmed.ModifiedCount;
    }

    /// <summary>Runs once per process. A changed age applies to existing documents too.</summary>
    private async Task<bool> ExpireAsync(IMongoDatabase database, RetentionAges? ages, CancellationToken limit)
    {
        if (_hasSetExpiry && _expiring == ages) return true;
        await TtlIndexes.SetAsync(database, Tombstones.Collection, "purgedAt", ages?.DedupHorizon, limit);
        await TtlIndexes.SetAsync(database, AuditRepositoryMongo.Collection, "at", ages?.Audit, limit);
        (_expiring, _hasSetExpiry) = (ages, true);
        return true;
    }
}
