using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories.Mongo;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.NestInterop;

/// <summary>The NestJS original wrote several documents of one shipment where it had no unique index (B24).</summary>
internal static class LegacyShipments
{
    public static async Task EnsureUniqueAsync(
        IMongoCollection<BsonDocument> shipments, MongoOptions options, CancellationToken stop)
    {
        if ((await Indexes.UniqueAsync(shipments, stop, "shipmentId")).Count > 0) return;
        if ((await Indexes.UniqueAsync(shipments, stop, ShipmentSchema.Key)).Count > 0) return;
        if (options.MergeLegacyShipments) await MergeAllAsync(shipments, stop);
        try
        {
            await shipments.Indexes.CreateOneAsync(
                new CreateIndexModel<BsonDocument>(new BsonDocument("shipmentId", 1), new CreateIndexOptions { Unique = true }),
                    null, stop);
        }
        catch (MongoCommandException fault) when (MongoFault.IsDuplicateKey(fault))
        {
            throw MongoFault.Because(
                "shipments.shipmentId cannot get a unique index, because some shipments have several documents; " +
                $"{MongoOptions.Section}:{nameof(MongoOptions.MergeLegacyShipments)}=true merges them", fault);
        }
        catch (MongoCommandException fault) when (Indexes.IsConflict(fault))
        {
            throw MongoFault.Because("shipments.shipmentId has an index that is not unique; drop it", fault);
        }
    }

    private static async Task MergeAllAsync(IMongoCollection<BsonDocument> shipments, CancellationToken stop)
    {
        BsonDocument[] twice =
        [
            new("$match", new BsonDocument("shipmentId", new BsonDocument("$gte", ""))),
            new("$group", new BsonDocument { { "_id", "$shipmentId" }, { "n", new BsonDocument("$sum", 1) } }),
            new("$match", new BsonDocument("n", new BsonDocument("$gt", 1))),
        ];
        using var ids = await shipments.AggregateAsync<BsonDocument>(twice, new AggregateOptions { AllowDiskUse = true }, stop);
        foreach (var id in await ids.ToListAsync(stop))
        {
            var twins = await shipments.Find(new BsonDocument("shipmentId", id["_id"])).ToListAsync(stop);
            var merged = Merged(twins);
            // Written before the others are deleted, so that after a crash in between the next start repeats both steps.
            await shipments.ReplaceOneAsync(new BsonDocument("_id", merged["_id"]), merged, new ReplaceOptions(), stop);
            await shipments.DeleteManyAsync(
                BsonExpressions.In(twins.Select(twin => twin["_id"]).Where(twin => twin != merged["_id"])), stop);
        }
    }

    /// <summary>
    /// Keeps the oldest document and its merchant, and takes from the younger ones the end and all fields that are missing in the
    /// oldest.
    /// </summary>
    private static BsonDocument Merged(IEnumerable<BsonDocument> twins)
    {
        BsonDocument[] oldestFirst =
            [.. twins.OrderBy(twin => BsonFields.Time(twin, "createdAt") ?? DateTimeOffset.MaxValue).ThenBy(twin => twin["_id"])];
        var merged = new BsonDocument();
        foreach (var twin in oldestFirst) merged.Merge(twin, overwriteExistingElements: false);
        foreach (var field in new[] { "lastEventAt", "updatedAt" })
            if (oldestFirst.Max(twin => BsonFields.Time(twin, field)) is { } latest) merged[field] = BsonFields.Date(latest);

        // A status that is not known stays, so that the shipment is not routed.
        if (oldestFirst.FirstOrDefault(twin => !ShipmentStatus.IsKnown(ShipmentDocument.StatusOf(twin))) is { } unknown)
        {
            merged["status"] = unknown["status"];
            return merged;
        }

        // The original stored no end: a shipment that it ended counts as ended before every event. Otherwise the earliest end
        // counts.
        var ended = oldestFirst.Where(twin => BsonFields.Text(twin, "status") is "COMPLETED" or "CANCELLED")
            .MinBy(twin => BsonFields.Text(twin, "end") ?? "", StringComparer.Ordinal);
        if (ended is null) return merged;
        merged["status"] = ended["status"];
        if (ended.TryGetValue("end", out var end)) merged["end"] = end;
        else merged.Remove("end");
        return merged;
    }
}
