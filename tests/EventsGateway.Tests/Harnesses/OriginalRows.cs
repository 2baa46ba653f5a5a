using MongoDB.Bson;

namespace Gateway.EventsGateway.Tests.Harnesses;

/// <summary>Documents exactly as the NestJS original writes them; the database's name and its collections are the same.</summary>
internal static class OriginalRows
{
    public static readonly DateTimeOffset WrittenAt = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    /// <summary>RabbitMQ version: an empty payload is left out (S10).</summary>
    public static BsonDocument N1(string eventId, string shipmentId, string status = "pending") => new()
    {
        { "_id", ObjectId.GenerateNewId() }, { "eventId", eventId }, { "shipmentId", shipmentId }, { "type", "SHIPMENT_CREATED" },
        { "status", status }, { "createdAt", Date(0) }, { "processedAt", Date(0) },
    };

    /// <summary>BullMQ version: by upsert, with the last update as processedAt.</summary>
    public static BsonDocument N2(string eventId, string shipmentId, string status = "pending") => new()
    {
        { "_id", ObjectId.GenerateNewId() }, { "eventId", eventId }, { "createdAt", Date(0) },
        { "payload", new BsonDocument("origin", "Cairo") }, { "processedAt", Date(7) }, { "shipmentId", shipmentId },
        { "status", status }, { "type", "SHIPMENT_UPDATED" },
    };

    public static BsonDocument Shipment(string shipmentId, string status = "ACTIVE", string merchantId = "m-1", int bornAfter = 0)
        => new()
    {
        { "_id", ObjectId.GenerateNewId() }, { "shipmentId", shipmentId }, { "status", status }, { "merchantId", merchantId },
        { "createdAt", Date(bornAfter) }, { "updatedAt", Date(bornAfter) },
    };

    public static BsonDateTime Date(int secondsLater) => new(WrittenAt.AddSeconds(secondsLater).ToUnixTimeMilliseconds());
}
