using MongoDB.Bson;
using MongoDB.Driver;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>One document per shipment.</summary>
internal static class ShipmentSchema
{
    public const string EndedIndex = "gateway_ended";

    private static readonly CreateIndexModel<BsonDocument>[] OfRemovals =
    [
        new(new BsonDocument("merchantId", 1), new CreateIndexOptions { Name = "gateway_merchant" }),
        new(new BsonDocument("updatedAt", 1), new CreateIndexOptions<BsonDocument>
        {
            Name = EndedIndex,
            PartialFilterExpression =
                new BsonDocument { { "end", BsonExpressions.Exists(true) }, { "updatedAt", BsonExpressions.Exists(true) } },
        }),
    ];

    // Has the default name, so that it is the same index as the one that the NestJS original has created.
    private static readonly CreateIndexModel<BsonDocument> Key = new(
        new BsonDocument("shipmentId", 1), new CreateIndexOptions { Unique = true });

    public static async Task EnsureAsync(IMongoCollection<BsonDocument> shipments, CancellationToken stop)
    {
        await Indexes.CreateAsync(shipments, OfRemovals, stop);
        if ((await Indexes.UniqueAsync(shipments, "shipmentId", stop)).Count == 0)
            await Indexes.CreateAsync(shipments, [Key], stop);
    }
}
