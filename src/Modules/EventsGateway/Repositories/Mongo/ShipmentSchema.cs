using Gateway.Shared.Mongo;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>One document per shipment of a courier; at most one of a number whose courier is not known.</summary>
internal static class ShipmentSchema
{
    public const string EndedIndex = "gateway_ended";

    /// <summary>Unique. It exists once each shipment has its courier: before it, the database is one of version 1.</summary>
    public static readonly string[] Key = ["shipmentId", "shippingCompanyId"];

    private static readonly CreateIndexModel<BsonDocument>[] OfRemovals =
    [
        new(new BsonDocument("merchantId", 1), new CreateIndexOptions { Name = "gateway_merchant" }),
        new(new BsonDocument("updatedAt", 1), new CreateIndexOptions<BsonDocument>
        {
            Name = EndedIndex,
            PartialFilterExpression =
                new BsonDocument { { "end", Exists(true) }, { "updatedAt", Exists(true) } },
        }),
    ];

    private static readonly CreateIndexModel<BsonDocument> KeyIndex = new(
        Ascending(Key), new CreateIndexOptions { Name = "gateway_shipment", Unique = true });

    public static async Task EnsureAsync(IMongoDatabase database, CancellationToken stop)
    {
        var shipments = ShipmentDocument.In(database);
        await Indexes.CreateAsync(shipments, OfRemovals, stop);
        if ((await Indexes.UniqueAsync(shipments, stop, Key)).Count == 0)
        {
            await RequireNoClaimAsync(database, stop);
            await ShipmentCouriers.ApplyAsync(database, stop);
            await Indexes.CreateAsync(shipments, [KeyIndex], stop);
        }

        await AllowNumbersOfSeveralCouriersAsync(shipments, stop);
    }

    /// <summary>
    /// Drops the index of version 1, and of the NestJS original: the second courier that uses a number could not store its
    /// shipment. A process of theirs that still runs, or starts again, creates it again.
    /// </summary>
    public static async Task AllowNumbersOfSeveralCouriersAsync(
        IMongoCollection<BsonDocument> shipments, CancellationToken stop)
    {
        foreach (var index in await Indexes.UniqueAsync(shipments, stop, "shipmentId"))
            await Indexes.DropAsync(shipments, index, stop);
    }

    /// <summary>
    /// No worker of this version has begun, so a claim that has not expired belongs to one of version 1. That one would go on to
    /// end the shipments of one courier by the events of another. It gets no other claim (<see cref="EventSchema.DueIndex"/>).
    /// </summary>
    private static async Task RequireNoClaimAsync(IMongoDatabase database, CancellationToken stop)
    {
        var live = new BsonDocument
        {
            { "claim.token", Exists(true) }, { "dueAt", Op("$gt", BsonFields.Date(DateTimeOffset.UtcNow)) },
        };
        if (await EventDocument.In(database).Find(live).Limit(1).Project(Ascending("_id")).AnyAsync(stop))
        {
            throw MongoFault.Because(
                "a worker of an earlier version still processes events; it gets no others, and this one begins when its claims "
                + "have ended; stop it: it does not run together with this version");
        }
    }
}
