using Gateway.EventsGateway.Entities;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

internal sealed class EventDismissalMongo(MongoConnection mongo, TimeProvider clock) : IEventDismissal
{
    private const int Batch = 500;

    private static readonly BsonDocument Dismissible = Op("$or", new BsonArray
    {
        // The row of an erased event is about to be deleted.
        new BsonDocument { { "status", "failed" }, { "outcome", Op("$ne", EventOutcome.Erased) } },
        new BsonDocument("status", "pending").AddRange(EventConditions.Unclaimed),
    });

    private static readonly BsonDocument InWork = new() { { "status", "pending" }, { "claim.token", Exists(true) } };

    public async Task<DismissResult> DismissAsync(IReadOnlyList<EventKey> keys, string by)
    {
        var sum = default(DismissResult);
        foreach (var some in keys.Distinct().Chunk(Batch))
        {
            var of = Op("$or", new BsonArray(some.Select(EventConditions.Of)));
            var inWork = await CountAsync(And(of, InWork));
            var (dismissed, shipments) = await DismissSomeAsync(of, Batch, by);
            sum = new DismissResult(sum.Dismissed + dismissed, sum.InWork + inWork, sum.ShipmentsEnded + shipments, 0);
        }

        return sum;
    }

    public async Task<DismissResult> DismissAsync(EventFilter filter, int atMost, string by)
    {
        if (filter.Legacy) return default;
        var of = new EventFilterQuery(filter.OfDismissal()).Query;
        int dismissed = 0, shipments = 0, some;
        do
        {
            (some, var ended) = await DismissSomeAsync(of, Math.Min(Batch, atMost - dismissed), by);
            (dismissed, shipments) = (dismissed + some, shipments + ended);
        }
        while (some > 0 && dismissed < atMost);

        return new DismissResult(dismissed, await CountAsync(And(of, InWork)), shipments, await CountAsync(And(of, Dismissible)));
    }

    private Task<(int Dismissed, int Shipments)> DismissSomeAsync(BsonDocument of, int atMost, string by)
        => mongo.UseAsync((database, limit) => DismissSomeAsync(database, of, atMost, by, limit));

    private async Task<(int Dismissed, int Shipments)> DismissSomeAsync(
        IMongoDatabase database, BsonDocument of, int atMost, string by, CancellationToken limit)
    {
        if (atMost <= 0) return default;
        var (events, call) = (EventDocument.In(database), BsonFields.Id(Guid.NewGuid()));
        var found = await events.Find(And(of, Dismissible)).Sort(Ascending("receivedAt")).Limit(atMost)
            .Project(Ascending("_id")).ToListAsync(limit);
        if (found.Count == 0) return default;
        var ids = In(found.Select(row => row["_id"]));
        // A worker may have claimed some of them since.
        await events.UpdateManyAsync(
            And(ids, Dismissible),
            new BsonDocument
            {
                {
                    "$set", new BsonDocument
                    {
                        { "status", "dismissed" }, { "dismissedAt", BsonFields.Date(clock.GetUtcNow()) }, { "dismissedBy", by },
                        { EventTransitions.WrittenBy, call },
                    }
                },
                { "$unset", new BsonDocument("dueAt", "") },
            },
            null, limit);
        var rows = await events.Find(new BsonDocument(ids).Add(EventTransitions.WrittenBy, call))
            .Project(Ascending("shippingCompanyId", "eventId", "shipmentId", "type")).ToListAsync(limit);
        List<EventEntity> ends = [.. rows.Select(EventDocument.Read).Where(e => e.EndsShipment)];
        return (rows.Count, await CountEndedAsync(database, ends, limit));
    }

    private static async Task<int> CountEndedAsync(IMongoDatabase database, List<EventEntity> ends, CancellationToken limit)
    {
        if (ends.Count == 0) return 0;
        var keys = ends.Select(e => (EventKey?)e.Key).ToHashSet();
        var shipments = await ShipmentDocument.In(database)
            .Find(new BsonDocument("shipmentId", Op("$in", new BsonArray(ends.Select(e => e.ShipmentId).Distinct()))))
            .Project(Ascending("end")).ToListAsync(limit);
        return shipments.Count(row => keys.Contains(ShipmentEntity.KeyOfEnd(BsonFields.Text(row, "end"))));
    }

    private Task<int> CountAsync(BsonDocument query) => mongo.UseAsync(
        EventDocument.Collection, async (rows, limit) => (int)await rows.CountDocumentsAsync(query, null, limit));

    private static BsonDocument And(BsonDocument one, BsonDocument other) => Op("$and", new BsonArray { one, other });
}
