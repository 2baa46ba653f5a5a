using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonExpressions;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>Courier and number as a document, the same of an event and of its shipment.</summary>
internal static class ShipmentKeys
{
    public static BsonDocument Of(BsonDocument row) => new()
    {
        { "shippingCompanyId", row.GetValue("shippingCompanyId", BsonNull.Value) },
        { "shipmentId", row.GetValue("shipmentId", BsonNull.Value) },
    };

    /// <summary>Rows with one of these keys; null matches a row without a courier.</summary>
    public static BsonDocument Among(IReadOnlyCollection<BsonValue> keys)
        => keys.Count == 0 ? In([]) : new BsonDocument("$or", new BsonArray(keys.Select(QueryOf)));

    public static async Task<List<BsonDocument>> OfEventsAsync(
        IMongoDatabase database, BsonDocument events, CancellationToken limit)
    {
        BsonDocument[] grouped =
        [
            new("$match", events),
            new("$group", new BsonDocument("_id", new BsonDocument
            {
                { "shippingCompanyId", IfNull("$shippingCompanyId", BsonNull.Value) }, { "shipmentId", "$shipmentId" },
            })),
        ];
        var keys = await EventDocument.In(database).AggregateAsync<BsonDocument>(grouped, null, limit);
        return [.. (await keys.ToListAsync(limit)).Select(group => Of(group["_id"].AsBsonDocument))];
    }

    /// <summary>Removals that version 1 has begun name a shipment by its number alone.</summary>
    private static BsonDocument QueryOf(BsonValue key) => key as BsonDocument ?? new BsonDocument("shipmentId", key);
}
