using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// Rows on their way out, in two steps. First they get a tombstone, lose what they hold and are marked with their removal; ten
/// minutes later they go. An intake looks for tombstones before it inserts, and nothing of it lasts for more than a minute: who
/// has looked before the tombstone was there still meets the row, and its unique key, afterwards. Each step can be done again
/// after a crash, and by two processes at once; the counts take a removal once.
/// </summary>
internal static class Removals
{
    public const string Collection = "removals";
    public const string Field = "removal";

    public static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);

    /// <summary>Twice a lease: an attempt that was claimed before its row was emptied writes nothing after that.</summary>
    private static readonly TimeSpan AttemptsEnd = TimeSpan.FromMinutes(1);

    /// <param name="database">The store.</param>
    /// <param name="now">When the tombstones were there.</param>
    /// <param name="limit">Ends the operation.</param>
    /// <param name="shipments">Those that an attempt may write anew after they were erased: looked at once more at the end.</param>
    /// <param name="subject">What a shipment must match to be erased.</param>
    public static async Task<BsonValue> BeginAsync(
        IMongoDatabase database, long now, CancellationToken limit, IEnumerable<string>? shipments = null, BsonDocument? subject = null)
    {
        var id = BsonFields.Id(Guid.NewGuid());
        await In(database).InsertOneAsync(
            new BsonDocument
            {
                { "_id", id }, { "at", new BsonDateTime(now) }, { "shipments", new BsonArray(shipments ?? []) }, { "subject", subject ?? [] },
            },
            null, limit);
        return id;
    }

    /// <summary>Ends the oldest removal whose rest is over; returns whether there was one.</summary>
    public static async Task<bool> FinishOldestAsync(IMongoDatabase database, long now, CancellationToken limit)
    {
        var due = new BsonDocument("at", new BsonDocument("$lte", new BsonDateTime(now - (long)Rest.TotalMilliseconds)));
        var removal = await In(database).Find(due).Sort(Ascending("at")).FirstOrDefaultAsync(limit);
        if (removal is null) return false;
        await RemovedCounters.AddAsync(database, removal, limit);
        await EventDocument.In(database).DeleteManyAsync(new BsonDocument(Field, removal["_id"]), limit);
        await ForgetAsync(database, removal, limit);
        await In(database).DeleteOneAsync(new BsonDocument("_id", removal["_id"]), limit);
        return true;
    }

    /// <summary>
    /// An attempt that was running writes its shipment anew; without any row nobody needs it. What was written later is of an
    /// event that came later, even where its row has gone by now.
    /// </summary>
    private static async Task ForgetAsync(IMongoDatabase database, BsonDocument removal, CancellationToken limit)
    {
        var shipments = BsonFields.Items(removal, "shipments");
        if (shipments.Count == 0) return;
        var needed = await EventDocument.In(database).DistinctAsync<BsonValue>("shipmentId", Among(shipments), null, limit);
        var unneeded = Among(shipments.Except(await needed.ToListAsync(limit)));
        var written = new BsonDateTime(removal["at"].AsBsonDateTime.MillisecondsSinceEpoch + (long)AttemptsEnd.TotalMilliseconds);
        await database.GetCollection<BsonDocument>(ShipmentRepositoryMongo.Collection).DeleteManyAsync(
            new BsonDocument("$and", new BsonArray { unneeded, removal["subject"], new BsonDocument("updatedAt", Op("$lte", written)) }), limit);
    }

    private static BsonDocument Among(IEnumerable<BsonValue> shipments) => new("shipmentId", Op("$in", new BsonArray(shipments)));

    private static IMongoCollection<BsonDocument> In(IMongoDatabase database) => database.GetCollection<BsonDocument>(Collection);
}
