using Gateway.EventsGateway.Audit;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.ExpressionMongo;

namespace Gateway.EventsGateway.Repositories;

/// <summary>Tombstones and audit records expire by TTL indexes; the rest is done here, under a lease.</summary>
internal sealed class EventRetentionMongo(MongoConnection mongo, TimeProvider clock) : IEventRetention
{
    private const int Batch = 500;

    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);

    private static readonly BsonDocument Held = new("$unset", new BsonDocument(
        new[] { "body", "payload", "payloadPartial", "headers", "traceparent", "attempts", "acceptIds" }.ToDictionary(field => field, _ => (object)"")));

    private readonly string _me = Guid.NewGuid().ToString("N");
    private RetentionAges? _expiring;
    private bool _hasSetExpiry;

    public async Task<Swept> SweepAsync(RetentionAges? ages)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (!await mongo.UseAsync((database, limit) => LeaseMongo.TakeAsync(database, "retention", _me, now, Lease, limit))) return default;
        int buried = 0, cut = 0;
        bool hasMore;
        try
        {
            if (ages is not null) (buried, cut) = await SweepAsync(now, now - (long)ages.ProcessedAfter.TotalMilliseconds);
            await mongo.UseAsync((database, limit) => ExpireAsync(database, ages, limit));
        }
        finally
        {
            // Neither may keep the other from being done: what ends here was begun by other steps, or by an erasure.
            hasMore = await mongo.UseAsync((database, limit) => RemovalsMongo.FinishOldestAsync(database, now, limit));
        }

        return new Swept(buried, cut, 0, hasMore || buried == Batch || cut == Batch);
    }

    private async Task<(int Buried, int Cut)> SweepAsync(long now, long before)
        => (await mongo.UseAsync((database, limit) => BuryAsync(database, now, before, limit)),
            await mongo.UseAsync((database, limit) => CutAsync(database, before, limit)));

    private static async Task<int> BuryAsync(IMongoDatabase database, long now, long before, CancellationToken limit)
    {
        var events = EventRowMongo.In(database);
        var old = new BsonDocument
        {
            { "status", "processed" }, { "shippingCompanyId", Exists(true) }, { EventRowMongo.BuriedAt, BsonNull.Value }, { "processedAt", Op("$lte", new BsonDateTime(before)) },
        };
        var found = await events.Find(old, new FindOptions { Hint = EventSchemaMongo.SettledIndex }).Limit(Batch)
            .Project(Ascending("shippingCompanyId", "eventId", "status", "processedAt")).ToListAsync(limit);
        if (found.Count == 0) return 0;
        await TombstonesMongo.BuryAsync(database, found, now, limit);
        var removal = await RemovalsMongo.BeginAsync(database, now, limit);
        var taken = await events.UpdateManyAsync(
            In(found.Select(row => row["_id"])).Add("status", "processed").Add(RemovalsMongo.Field, Exists(false)),
            new BsonDocument(Held).Add("$set", new BsonDocument { { EventRowMongo.BuriedAt, new BsonDateTime(now) }, { RemovalsMongo.Field, removal } }), null, limit);
        return (int)taken.ModifiedCount;
    }

    /// <summary>The end and what orders events stay: whatever comes late gets the verdict that it would have got.</summary>
    private static async Task<int> CutAsync(IMongoDatabase database, long before, CancellationToken limit)
    {
        var shipments = database.GetCollection<BsonDocument>(ShipmentRepositoryMongo.Collection);
        var ended = new BsonDocument { { "end", Exists(true) }, { "updatedAt", Op("$lte", new BsonDateTime(before)) } };
        var found = await shipments.Find(ended, new FindOptions { Hint = ShipmentSchemaMongo.EndedIndex }).Limit(Batch).Project(Ascending("_id")).ToListAsync(limit);
        if (found.Count == 0) return 0;
        var cut = await shipments.UpdateManyAsync(
            In(found.Select(row => row["_id"])).AddRange(ended),
            new BsonDocument("$unset", new BsonDocument { { "merchantId", "" }, { "createdAt", "" }, { "updatedAt", "" } }), null, limit);
        return (int)cut.ModifiedCount;
    }

    /// <summary>Once per process: a horizon that was changed, or given up, holds for what is there already, too.</summary>
    private async Task<bool> ExpireAsync(IMongoDatabase database, RetentionAges? ages, CancellationToken limit)
    {
        if (_hasSetExpiry && _expiring == ages) return true;
        await TtlMongo.SetAsync(database, TombstonesMongo.Collection, "buriedAt", ages?.DedupHorizon, limit);
        await TtlMongo.SetAsync(database, AuditRepositoryMongo.Collection, "at", ages?.Audit, limit);
        (_expiring, _hasSetExpiry) = (ages, true);
        return true;
    }
}
