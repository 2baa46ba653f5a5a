using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// Removes rows in two steps. The first step writes a tombstone, empties the row and marks it with the id of the removal. The
/// second step deletes the row ten minutes later. An insert first checks the tombstones and takes less than a minute: if it has
/// checked them just before the tombstone was written, it still fails on the unique key of the row. Each step can be repeated
/// after a crash and run in two processes at once; the counts include each removal once.
/// </summary>
internal static class Removals
{
    public const string Collection = "removals";
    public const string Field = "removal";

    public static readonly TimeSpan DeletionDelay = TimeSpan.FromMinutes(10);

    /// <summary>Two leases: an attempt that was claimed before its row was emptied has ended after this time.</summary>
    private static readonly TimeSpan AttemptsEnd = TimeSpan.FromMinutes(1);

    /// <param name="database">The store.</param>
    /// <param name="now">When the tombstones were written.</param>
    /// <param name="limit">The time limit of the operation.</param>
    /// <param name="shipments">Shipments that a running attempt may write again; the second step erases them again.</param>
    /// <param name="subject">What a shipment must match to be erased.</param>
    public static async Task<BsonValue> BeginAsync(
        IMongoDatabase database, long now, CancellationToken limit, IEnumerable<BsonDocument>? shipments = null,
            BsonDocument? subject = null)
    {
        var id = BsonFields.Id(Guid.NewGuid());
        await In(database).InsertOneAsync(
            new BsonDocument
            {
                { "_id", id }, { "at", new BsonDateTime(now) }, { "shipments", new BsonArray(shipments ?? []) },
                    { "subject", subject ?? [] },
            },
            null, limit);
        return id;
    }

    /// <summary>Completes the oldest removal that began ten minutes ago or earlier; false where there is none.</summary>
    public static async Task<bool> FinishOldestAsync(IMongoDatabase database, long now, CancellationToken limit)
    {
        var due = new BsonDocument("at", new BsonDocument("$lte", new BsonDateTime(now - (long)DeletionDelay.TotalMilliseconds)));
        var removal = await In(database).Find(due).Sort(Ascending("at")).FirstOrDefaultAsync(limit);
        if (removal is null) return false;
        await RemovedCounters.AddAsync(database, removal, limit);
        await EventDocument.In(database).DeleteManyAsync(new BsonDocument(Field, removal["_id"]), limit);
        await EraseShipmentsAsync(database, removal, limit);
        await In(database).DeleteOneAsync(new BsonDocument("_id", removal["_id"]), limit);
        return true;
    }

    /// <summary>
    /// Erases shipments that an attempt has written again after the first step. A shipment is kept while it has events, or where
    /// it was written after all such attempts had ended: then it belongs to a later event.
    /// </summary>
    private static async Task EraseShipmentsAsync(IMongoDatabase database, BsonDocument removal, CancellationToken limit)
    {
        var shipments = BsonFields.Items(removal, "shipments");
        if (shipments.Count == 0) return;
        var needed = await ShipmentKeys.OfEventsAsync(database, ShipmentKeys.Among([.. shipments]), limit);
        var unneeded = ShipmentKeys.Among(
            [.. shipments.Where(shipment => !needed.Any(key => key == shipment || key["shipmentId"] == shipment))]);
        var written = new BsonDateTime(removal["at"].AsBsonDateTime.MillisecondsSinceEpoch + (long)AttemptsEnd.TotalMilliseconds);
        await ShipmentDocument.In(database).DeleteManyAsync(
            new BsonDocument("$and",
                new BsonArray { unneeded, removal["subject"], new BsonDocument("updatedAt", Op("$lte", written)) }), limit);
    }

    private static IMongoCollection<BsonDocument> In(IMongoDatabase database) => database.GetCollection<BsonDocument>(Collection);
}
