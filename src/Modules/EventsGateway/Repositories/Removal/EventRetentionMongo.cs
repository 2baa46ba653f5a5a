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

    public async Task<Swept> SweepAsync(RetentionAges? ages)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (!await mongo.UseAsync((database, limit) => LeaseMongo.TakeAsync(database, "retention", _me, now, Lease, limit))) return default;
        var hasMore = await mongo.UseAsync((database, limit) => RemovalsMongo.FinishOldestAsync(database, now, limit));
        if (ages is null) return new Swept(0, 0, 0, hasMore);
        await mongo.UseAsync((database, limit) => ExpireAsync(database, ages, limit));
        var before = now - (long)ages.ProcessedAfter.TotalMilliseconds;
        var buried = await mongo.UseAsync((database, limit) => BuryAsync(database, now, before, limit));
        var cut = await mongo.UseAsync((database, limit) => CutAsync(database, before, limit));
        return new Swept(buried, cut, 0, hasMore || buried == Batch || cut == Batch);
    }

    private static async Task<int> BuryAsync(IMongoDatabase database, long now, long before, CancellationToken limit)
    {
        var events = database.GetCollection<BsonDocument>(EventRowMongo.Collection);
        var old = new BsonDocument
        {
            { "status", "processed" }, { "shippingCompanyId", Exists(true) }, { EventRowMongo.BuriedAt, BsonNull.Value }, { "processedAt", Op("$lte", new BsonDateTime(before)) },
        };
        var found = await events.Find(old, new FindOptions { Hint = EventSchemaMongo.SettledIndex }).Limit(Batch)
            .Project(Ascending("shippingCompanyId", "eventId", "status", "processedAt")).ToListAsync(limit);
        if (found.Count == 0) return 0;
        await TombstonesMongo.BuryAsync(database, found, now, limit);
        var removal = await RemovalsMongo.BeginAsync(database, [], now, limit);
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

    /// <summary>Once per process: a horizon that was changed holds for what is there already, too.</summary>
    private async Task<bool> ExpireAsync(IMongoDatabase database, RetentionAges ages, CancellationToken limit)
    {
        if (_expiring == ages) return true;
        await TtlMongo.EnsureAsync(database, TombstonesMongo.Collection, "buriedAt", ages.DedupHorizon, limit);
        await TtlMongo.EnsureAsync(database, AuditRepositoryMongo.Collection, "at", ages.Audit, limit);
        _expiring = ages;
        return true;
    }
}
