using Gateway.EventsGateway.Entities;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// The first step of a removal takes everything of the row but its key, which keeps late copies out until the second one;
/// from then on no list, no claim and no replay finds it.
/// </summary>
internal sealed class EventErasureMongo(MongoConnection mongo, TimeProvider clock) : IEventErasure
{
    private const int Batch = 500;

    public async Task<Erased> EraseAsync(ErasureSubject subject, int atMost)
    {
        var of = subject.ShipmentId is { } shipment ? new BsonDocument("shipmentId", shipment) : new BsonDocument("merchantId", subject.MerchantId);
        var erased = default(Erased);
        int events;
        do
        {
            // Each batch has its own time.
            var some = await mongo.UseAsync((database, limit) => EraseSomeAsync(database, of, Math.Min(Batch, atMost - erased.Events), limit));
            erased = new Erased(erased.Events + some.Events, erased.Shipments + some.Shipments, 0);
            events = some.Events;
        }
        while (events > 0 && erased.Events < atMost);

        var remaining = await mongo.UseAsync((database, limit) => EventDocument.In(database).CountDocumentsAsync(of, null, limit));
        var shipments = remaining == 0 ? await EraseShipmentsAsync(of) : 0;
        return new Erased(erased.Events, erased.Shipments + shipments, (int)remaining);
    }

    private async Task<Erased> EraseSomeAsync(IMongoDatabase database, BsonDocument of, int limitOfRows, CancellationToken limit)
    {
        var found = await EventDocument.In(database).Find(of).Limit(limitOfRows)
            .Project(Ascending("shippingCompanyId", "eventId", "shipmentId", "status", "processedAt")).ToListAsync(limit);
        if (found.Count == 0) return default;
        var keyed = found.Where(row => row.Contains("shippingCompanyId")).ToList();
        var legacy = found.Where(row => !row.Contains("shippingCompanyId")).Select(row => row["_id"]).ToList();
        if (keyed.Count > 0) await PurgeAsync(database, of, keyed, limit);
        // Of the original's rows without a message nobody knows the key, so nothing can be kept.
        if (legacy.Count > 0) await EventDocument.In(database).DeleteManyAsync(In(legacy).Add("shippingCompanyId", Exists(false)), null, limit);
        return new Erased(found.Count, await EraseShipmentsAsync(database, of, ShipmentsOf(found), limit), 0);
    }

    private async Task PurgeAsync(IMongoDatabase database, BsonDocument of, IReadOnlyList<BsonDocument> rows, CancellationToken limit)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await Tombstones.PurgeAsync(database, rows, now, limit);
        // Whatever has not ended may be in work, or be claimed before the next line is done.
        var open = rows.Where(row => BsonFields.Text(row, "status") != "processed").ToList();
        var removal = await Removals.BeginAsync(database, now, limit, ShipmentsOf(open), of);
        await EventDocument.In(database).UpdateManyAsync(
            // What has ended since it was found keeps its row for now, and is found again: its tombstone does not say so yet.
            In(rows.Select(row => row["_id"])).Add("shippingCompanyId", Exists(true))
                .Add("$nor", new BsonArray { In(open.Select(row => row["_id"])).Add("status", "processed") }),
            Pipeline(Op("$replaceWith", new BsonDocument
            {
                { "shippingCompanyId", "$shippingCompanyId" }, { "eventId", "$eventId" },
                { "status", Cond(Op("$eq", new BsonArray { "$status", "processed" }), "processed", "failed") },
                { "outcome", EventOutcome.Erased }, { EventDocument.PurgedAt, new BsonDateTime(now) },
                // One that retention has on its way goes with its own removal.
                { Removals.Field, IfNull($"${Removals.Field}", removal) },
            })),
            null, limit);
    }

    private static async Task<int> EraseShipmentsAsync(IMongoDatabase database, BsonDocument of, IReadOnlyList<string> shipments, CancellationToken limit)
    {
        var among = new BsonDocument("shipmentId", Op("$in", new BsonArray(shipments)));
        // Without a merchant is what retention has cut: somebody else's as long as it has events that are not the subject's.
        var others = await EventDocument.In(database).DistinctAsync<BsonValue>("shipmentId", new BsonDocument(among).Add("$nor", new BsonArray { of }), null, limit);
        var cut = new BsonDocument { { "merchantId", Exists(false) }, { "shipmentId", Op("$nin", new BsonArray(await others.ToListAsync(limit))) } };
        return (int)(await Shipments(database).DeleteManyAsync(
            new BsonDocument("$and", new BsonArray { among, new BsonDocument("$or", new BsonArray { of, cut }) }), null, limit)).DeletedCount;
    }

    private async Task<int> EraseShipmentsAsync(BsonDocument of)
    {
        int erased = 0, some;
        do
        {
            some = await mongo.UseAsync(async (database, limit) =>
            {
                var ids = await Shipments(database).Find(of).Limit(Batch).Project(Ascending("_id")).ToListAsync(limit);
                return ids.Count == 0 ? 0 : (int)(await Shipments(database).DeleteManyAsync(In(ids.Select(row => row["_id"])), null, limit)).DeletedCount;
            });
            erased += some;
        }
        while (some == Batch);
        return erased;
    }

    private static IReadOnlyList<string> ShipmentsOf(IEnumerable<BsonDocument> rows)
        => [.. rows.Select(row => BsonFields.Text(row, "shipmentId")).OfType<string>().Distinct()];

    private static IMongoCollection<BsonDocument> Shipments(IMongoDatabase database)
        => database.GetCollection<BsonDocument>(ShipmentRepositoryMongo.Collection);
}
