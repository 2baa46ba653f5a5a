using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.NestInterop;
using Gateway.Shared.Health;
using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>One document per shipment. The original wrote twins where it had no unique index (B24).</summary>
internal static class ShipmentSchema
{
    public const string EndedIndex = "gateway_ended";

    private static readonly CreateIndexModel<BsonDocument>[] OfRemovals =
    [
        new(new BsonDocument("merchantId", 1), new CreateIndexOptions { Name = "gateway_merchant" }),
        new(new BsonDocument("updatedAt", 1), new CreateIndexOptions<BsonDocument>
        {
            Name = EndedIndex, PartialFilterExpression = new BsonDocument { { "end", BsonExpressions.Exists(true) }, { "updatedAt", BsonExpressions.Exists(true) } },
        }),
    ];

    public static async Task EnsureAsync(IMongoCollection<BsonDocument> shipments, MongoOptions options, CancellationToken stop)
    {
        await shipments.Indexes.CreateManyAsync(OfRemovals, stop);
        if ((await LegacyIndexes.UniqueAsync(shipments, "shipmentId", stop)).Count > 0) return;
        if (options.MergeLegacyShipments) await MergeAllAsync(shipments, stop);
        try
        {
            // Its name is the default one: the original's own index, where it exists, is this one.
            await shipments.Indexes.CreateOneAsync(
                new CreateIndexModel<BsonDocument>(new BsonDocument("shipmentId", 1), new CreateIndexOptions { Unique = true }), null, stop);
        }
        catch (MongoCommandException refused) when (MongoFault.IsDuplicateKey(refused))
        {
            throw MongoFault.Because(
                "shipments that were written twice stand in the way of the unique index on shipments.shipmentId; " +
                $"{MongoOptions.Section}:{nameof(MongoOptions.MergeLegacyShipments)}=true merges them", refused);
        }
        catch (MongoCommandException refused) when (LegacyIndexes.IsConflict(refused))
        {
            throw MongoFault.Because("an index on shipments.shipmentId that is not unique stands in the way of the unique one; drop it", refused);
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
            // First the one that stays, then the others go: after a crash between, the next start does the same again.
            await shipments.ReplaceOneAsync(new BsonDocument("_id", merged["_id"]), merged, new ReplaceOptions(), stop);
            await shipments.DeleteManyAsync(
                BsonExpressions.In(twins.Select(twin => twin["_id"]).Where(twin => twin != merged["_id"])), stop);
        }
    }

    /// <summary>The oldest stays, with its merchant; an end wins over none, and nothing that only a younger one has is lost.</summary>
    private static BsonDocument Merged(IEnumerable<BsonDocument> twins)
    {
        BsonDocument[] oldestFirst = [.. twins.OrderBy(twin => Time(twin, "createdAt") ?? DateTimeOffset.MaxValue).ThenBy(twin => twin["_id"])];
        var merged = new BsonDocument();
        foreach (var twin in oldestFirst) merged.Merge(twin, overwriteExistingElements: false);
        foreach (var field in new[] { "lastEventAt", "updatedAt" })
            if (oldestFirst.Max(twin => Time(twin, field)) is { } latest) merged[field] = BsonFields.Date(latest);

        // Ended by the original, which kept no end, counts as ended before every time; else the earliest end counts.
        var ended = oldestFirst.Where(twin => BsonFields.Text(twin, "status") is "COMPLETED" or "CANCELLED")
            .MinBy(twin => BsonFields.Text(twin, "end") ?? "", StringComparer.Ordinal);
        if (ended is null) return merged;
        merged["status"] = ended["status"];
        if (ended.TryGetValue("end", out var end)) merged["end"] = end;
        else merged.Remove("end");
        return merged;
    }

    private static DateTimeOffset? Time(BsonDocument row, string field) => BsonFields.Time(row, field);
}
