using Gateway.EventsGateway.Entities;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// Erases by the two steps of <see cref="Removals"/>. Between them the row holds only its key, which rejects copies of the event
/// that arrive late; lists, claims and replays do not find the row.
/// </summary>
internal sealed class EventErasureMongo(MongoConnection mongo, TimeProvider clock) : IEventErasure
{
    private const int Batch = 500;

    private static readonly BsonArray Settled = ["processed", "dismissed"];

    public Task<Erased> EraseAsync(ErasureSubject subject, int atMost)
    {
        var of = subject.ShipmentId is { } shipment ? new BsonDocument("shipmentId", shipment)
            : new BsonDocument("merchantId", subject.MerchantId);
        if (subject.ShippingCompanyId is { } courier) of.Add("shippingCompanyId", courier);
        return ErasureBatches.RunAsync(
            atMost, Batch,
            some => mongo.UseAsync((database, limit) => EraseSomeAsync(database, of, some, limit)),
            () => mongo.UseAsync(
                EventDocument.Collection, async (events, limit) => (int)await events.CountDocumentsAsync(of, null, limit)),
            () => mongo.UseAsync(
                ShipmentDocument.Collection, (shipments, limit) => EraseShipmentsAsync(shipments, of, limit)));
    }

    public Task<IReadOnlyList<EventEntity>> ContainersAsync(string after, int limit, CancellationToken cancellationToken)
        => mongo.UseAsync<IReadOnlyList<EventEntity>>(
            EventDocument.Collection,
            async (events, stop) =>
            {
                var rows = await events.Find(ContainersWith(Op("$gt", after))).Sort(Ascending("shippingCompanyId", "eventId"))
                    .Limit(limit).Project(EventDocument.WithBody).ToListAsync(stop);
                return [.. rows.Select(EventDocument.Read)];
            },
            cancellationToken);

    public async Task<int> EraseContainersAsync(IReadOnlyCollection<EventKey> containers)
    {
        var of = ContainersWith(Op("$in", new BsonArray(containers.Select(container => container.EventId))));
        return (await mongo.UseAsync((database, limit) => EraseSomeAsync(database, of, containers.Count, limit))).Events;
    }

    public Task<IReadOnlyList<string>> CouriersOfAsync(string shipmentId, CancellationToken cancellationToken)
        => mongo.UseAsync<IReadOnlyList<string>>(
            async (database, limit) =>
            {
                var of = new BsonDocument("shipmentId", shipmentId);
                var events = await EventDocument.In(database).DistinctAsync<BsonValue>("shippingCompanyId", of, null, limit);
                var shipments = await ShipmentDocument.In(database)
                    .DistinctAsync<BsonValue>("shippingCompanyId", of, null, limit);
                return [.. (await events.ToListAsync(limit)).Union(await shipments.ToListAsync(limit)).OfType<BsonString>()
                    .Select(courier => courier.Value).Order(StringComparer.Ordinal)];
            },
            cancellationToken);

    private static BsonDocument ContainersWith(BsonDocument eventId)
        => new()
        {
            { "shippingCompanyId", AcceptedEvent.ContainerCompany }, { "eventId", eventId },
            // An erased row keeps its key for ten minutes.
            { "outcome", Op("$ne", EventOutcome.Erased) },
        };

    private async Task<Erased> EraseSomeAsync(IMongoDatabase database, BsonDocument of, int limitOfRows, CancellationToken limit)
    {
        var found = await EventDocument.In(database).Find(of).Limit(limitOfRows)
            .Project(Ascending("shippingCompanyId", "eventId", "shipmentId", "status", "processedAt")).ToListAsync(limit);
        if (found.Count == 0) return default;
        var keyed = found.Where(row => row.Contains("shippingCompanyId")).ToList();
        var legacy = found.Where(row => !row.Contains("shippingCompanyId")).Select(row => row["_id"]).ToList();
        if (keyed.Count > 0) await PurgeAsync(database, of, keyed, limit);
        // A row of the NestJS original has no company, so it has no event key for a tombstone.
        if (legacy.Count > 0)
            await EventDocument.In(database).DeleteManyAsync(In(legacy).Add("shippingCompanyId", Exists(false)), null, limit);
        return new Erased(found.Count, await EraseShipmentsAsync(database, of, ShipmentsOf(found), limit), 0);
    }

    private async Task PurgeAsync(
        IMongoDatabase database, BsonDocument of, IReadOnlyList<BsonDocument> rows, CancellationToken limit)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        await Tombstones.PurgeAsync(database, rows, now, limit);
        // A worker may be processing these events, or may claim them before the update below.
        var open = rows.Where(row => !Settled.Contains(row.GetValue("status", ""))).ToList();
        var removal = await Removals.BeginAsync(database, now, limit, ShipmentsOf(open), of);
        await EventDocument.In(database).UpdateManyAsync(
            // An event that was processed or dismissed since the query is left for the next call: its tombstone says failed.
            In(rows.Select(row => row["_id"])).Add("shippingCompanyId", Exists(true))
                .Add("$nor", new BsonArray { In(open.Select(row => row["_id"])).Add("status", Op("$in", Settled)) }),
            Pipeline(Op("$replaceWith", new BsonDocument
            {
                { "shippingCompanyId", "$shippingCompanyId" }, { "eventId", "$eventId" },
                { "status", Cond(Op("$in", new BsonArray { "$status", Settled }), "$status", "failed") },
                { "outcome", EventOutcome.Erased }, { EventDocument.PurgedAt, new BsonDateTime(now) },
                // A row that retention has begun to remove keeps the id of that removal.
                { Removals.Field, IfNull($"${Removals.Field}", removal) },
            })),
            null, limit);
    }

    private static async Task<int> EraseShipmentsAsync(
        IMongoDatabase database, BsonDocument of, IReadOnlyList<BsonDocument> shipments, CancellationToken limit)
    {
        var among = ShipmentKeys.Among(shipments);
        // A trimmed shipment has no merchant. It belongs to another subject while it has events of another subject.
        var others = await ShipmentKeys.OfEventsAsync(database, new BsonDocument(among).Add("$nor", new BsonArray { of }), limit);
        var trimmed = new BsonDocument
        {
            { "merchantId", Exists(false) }, { "$nor", new BsonArray { ShipmentKeys.Among(others) } },
        };
        return (int)(await ShipmentDocument.In(database).DeleteManyAsync(
            new BsonDocument("$and", new BsonArray { among, new BsonDocument("$or", new BsonArray { of, trimmed }) }), null,
                limit)).DeletedCount;
    }

    private static async Task<int> EraseShipmentsAsync(
        IMongoCollection<BsonDocument> shipments, BsonDocument of, CancellationToken limit)
    {
        var ids = await shipments.Find(of).Limit(Batch).Project(Ascending("_id")).ToListAsync(limit);
        return ids.Count == 0 ? 0
            : (int)(await shipments.DeleteManyAsync(In(ids.Select(row => row["_id"])), null, limit)).DeletedCount;
    }

    private static IReadOnlyList<BsonDocument> ShipmentsOf(IEnumerable<BsonDocument> rows)
        => [.. rows.Where(row => BsonFields.Text(row, "shipmentId") is not null).Select(ShipmentKeys.Of).Distinct()];
}
