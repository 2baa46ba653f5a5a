using Gateway.EventsGateway.Entities;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// Gives shipments of version 1, and of the NestJS original, their courier: that of the event which ended them, else that of
/// their oldest event. The others stay without one until the first event of their merchant. An end gets the receipt of its
/// event. Each run finds only what an earlier one has left.
/// </summary>
internal static class ShipmentCouriers
{
    private const int Batch = 500;

    public static async Task ApplyAsync(IMongoDatabase database, CancellationToken stop)
    {
        var shipments = ShipmentDocument.In(database);
        var unknown = new BsonDocument("shippingCompanyId", Exists(false));
        using var rows = await shipments.Find(unknown, new FindOptions { BatchSize = Batch }).ToCursorAsync(stop);
        while (await rows.MoveNextAsync(stop))
        {
            var writes = await WritesAsync(database, [.. rows.Current], stop);
            if (writes.Count > 0) await shipments.BulkWriteAsync(writes, new BulkWriteOptions { IsOrdered = false }, stop);
        }
    }

    private static async Task<List<UpdateOneModel<BsonDocument>>> WritesAsync(
        IMongoDatabase database, IReadOnlyList<BsonDocument> rows, CancellationToken stop)
    {
        var now = DateTimeOffset.UtcNow;
        var read = rows.Select(row => (Row: row, State: ShipmentDocument.Read(row, now))).ToList();
        var received = await ReceivedAsync(database, [.. read.Select(one => one.State.EndedBy).OfType<EventKey>()], stop);
        var oldest = await OldestAsync(
            database, [.. read.Where(one => one.State.EndedBy is null).Select(one => one.State.Key.ShipmentId)], stop);
        var writes = new List<UpdateOneModel<BsonDocument>>();
        foreach (var (row, state) in read)
        {
            var courier = state.EndedBy?.ShippingCompanyId ?? oldest.GetValueOrDefault(state.Key.ShipmentId);
            if (courier is null) continue;
            writes.Add(ShipmentDocument.Update(
                row,
                state with
                {
                    Key = state.Key with { ShippingCompanyId = courier },
                    EndReceivedAt = state.EndedBy is { } end && received.TryGetValue(end, out var at) ? at : state.EndReceivedAt,
                },
                BsonFields.Time(row, "updatedAt")));
        }

        return writes;
    }

    private static async Task<Dictionary<EventKey, DateTimeOffset>> ReceivedAsync(
        IMongoDatabase database, IReadOnlyList<EventKey> ends, CancellationToken stop)
    {
        if (ends.Count == 0) return [];
        var rows = await EventDocument.In(database).Find(Op("$or", new BsonArray(ends.Select(EventConditions.Of))))
            .Project(Ascending("shippingCompanyId", "eventId", "receivedAt")).ToListAsync(stop);
        return rows.Where(row => BsonFields.Time(row, "receivedAt") is not null)
            .ToDictionary(EventDocument.Key, row => BsonFields.Time(row, "receivedAt")!.Value);
    }

    private static async Task<Dictionary<string, string>> OldestAsync(
        IMongoDatabase database, IReadOnlyList<string> ids, CancellationToken stop)
    {
        if (ids.Count == 0) return [];
        BsonDocument[] oldest =
        [
            new("$match", new BsonDocument
            {
                { "shipmentId", Op("$in", new BsonArray(ids)) }, { "shippingCompanyId", Exists(true) },
            }),
            new("$sort", Ascending("receivedAt")),
            new("$group", new BsonDocument { { "_id", "$shipmentId" }, { "courier", Op("$first", "$shippingCompanyId") } }),
        ];
        var found = await EventDocument.In(database).AggregateAsync<BsonDocument>(
            oldest, new AggregateOptions { AllowDiskUse = true }, stop);
        return (await found.ToListAsync(stop)).ToDictionary(row => row["_id"].AsString, row => row["courier"].AsString);
    }
}
