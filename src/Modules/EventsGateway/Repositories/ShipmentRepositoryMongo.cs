using Gateway.EventsGateway.Events;
using Gateway.Shared.Mongo;
using Microsoft.Extensions.Logging;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.ExpressionMongo;

namespace Gateway.EventsGateway.Repositories;

internal sealed class ShipmentRepositoryMongo(
    MongoConnection mongo, TimeProvider clock, ILogger<ShipmentRepositoryMongo> log) : IShipmentRepository
{
    public const string Collection = "shipments";

    /// <summary>Ended by the original, which kept no end: it counts as ended before every time, so it gets none.</summary>
    private static readonly BsonDocument EndedBefore = Op("$and", new BsonArray
    {
        Op("$in", new BsonArray { IfNull("$status", ""), new BsonArray { "COMPLETED", "CANCELLED" } }),
        Not(IfNull("$end", false)),
    });

    // The rank stands at a fixed place: occurredAt always has 24 characters.
    private static readonly BsonDocument StatusOfEnd = Op("$set", new BsonDocument("status", Op("$switch", new BsonDocument
    {
        { "branches", new BsonArray { Ranked("3", "COMPLETED"), Ranked("4", "CANCELLED"), new BsonDocument { { "case", EndedBefore }, { "then", "$status" } } } },
        { "default", "ACTIVE" },
    })));

    public async Task<ShipmentEntity> FoldAsync(EventEntity e)
    {
        var shipment = await UseAsync((shipments, limit) => FoldAsync(shipments, e, limit));
        if (shipment.MerchantId != e.MerchantId)
            EventsGatewayLog.ForeignMerchant(log, e.Key, shipment.ShipmentId, shipment.MerchantId, e.MerchantId);
        return shipment;
    }

    public Task<ShipmentEntity?> FindAsync(string shipmentId, CancellationToken cancellationToken)
        => UseAsync(
            async (shipments, limit) =>
                await shipments.Find(Of(shipmentId)).FirstOrDefaultAsync(limit) is { } row ? Read(row) : null,
            cancellationToken);

    private static BsonDocument Of(string shipmentId) => new("shipmentId", shipmentId);

    private async Task<ShipmentEntity> FoldAsync(IMongoCollection<BsonDocument> shipments, EventEntity e, CancellationToken limit)
    {
        var fold = Fold(e, FieldMongo.Date(clock.GetUtcNow()));
        while (true)
        {
            try
            {
                return Read(await shipments.FindOneAndUpdateAsync(
                    Of(e.ShipmentId), fold,
                    new FindOneAndUpdateOptions<BsonDocument> { IsUpsert = true, ReturnDocument = ReturnDocument.After }, limit));
            }
            catch (MongoCommandException race) when (MongoFault.IsDuplicateKey(race) && !limit.IsCancellationRequested)
            {
                // Two first events of one shipment: the other one has created it, and now it is there to fold into.
            }
        }
    }

    private static UpdateDefinition<BsonDocument> Fold(EventEntity e, BsonDateTime now)
    {
        var set = new BsonDocument
        {
            { "merchantId", IfNull("$merchantId", Literal(e.MerchantId)) },
            { "createdAt", IfNull("$createdAt", now) },
            { "updatedAt", now },
            { "lastEventAt", Op("$max", new BsonArray { "$lastEventAt", FieldMongo.Date(e.OccurredAt) }) },
        };
        if (ShipmentEntity.EndOf(e) is { } end)
            set.Add("end", Cond(EndedBefore, "$$REMOVE", Op("$min", new BsonArray { "$end", Literal(end) })));
        return Pipeline(Op("$set", set), StatusOfEnd);
    }

    private static BsonDocument Ranked(string rank, string status) => new()
    {
        { "case", Op("$eq", new BsonArray { Op("$substrBytes", new BsonArray { IfNull("$end", ""), 25, 1 }), rank }) }, { "then", status },
    };

    private static ShipmentEntity Read(BsonDocument row) => new()
    {
        ShipmentId = FieldMongo.Text(row, "shipmentId") ?? "",
        MerchantId = FieldMongo.Text(row, "merchantId") ?? "",
        Status = ShipmentStatusText.Parse(FieldMongo.Text(row, "status")) ?? ShipmentStatus.Active,
        LastEventAt = FieldMongo.Time(row, "lastEventAt") ?? FieldMongo.Time(row, "updatedAt") ?? DateTimeOffset.UnixEpoch,
        End = FieldMongo.Text(row, "end"),
    };

    private Task<T> UseAsync<T>(
        Func<IMongoCollection<BsonDocument>, CancellationToken, Task<T>> work, CancellationToken cancellationToken = default)
        => mongo.UseAsync((database, limit) => work(database.GetCollection<BsonDocument>(Collection), limit), cancellationToken);
}
