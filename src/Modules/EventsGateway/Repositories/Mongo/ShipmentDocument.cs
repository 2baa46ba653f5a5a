using Gateway.EventsGateway.Entities;
using Gateway.Shared.Time;
using MongoDB.Bson;
using MongoDB.Driver;
using static Gateway.EventsGateway.Repositories.Mongo.BsonFields;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>A document of <c>shipments</c> as an entity, and its conditional update.</summary>
internal static class ShipmentDocument
{
    public const string Collection = "shipments";

    public static IMongoCollection<BsonDocument> In(IMongoDatabase database) => database.GetCollection<BsonDocument>(Collection);

    /// <summary>
    /// A row that the original or version 1 has ended knows no time of arrival: the time of the end, or of the last write, stands
    /// for it.
    /// </summary>
    public static ShipmentEntity Read(BsonDocument row, DateTimeOffset now)
    {
        var shipment = new ShipmentEntity
        {
            Key = new ShipmentKey(Text(row, "shippingCompanyId") ?? "", Text(row, "shipmentId") ?? ""),
            MerchantId = Text(row, "merchantId") ?? "",
            Status = StatusOf(row),
            LastEventAt = Time(row, "lastEventAt"),
            End = Text(row, "end"),
            EndReceivedAt = Time(row, "endReceivedAt"),
            Cycle = Number(row, "cycle") ?? 1,
            Since = Time(row, "since"),
            CreatedAt = Time(row, "createdAt"),
        };
        // A worker of the NestJS original may have written a status over an end.
        if (shipment is { Status: ShipmentStatus.Active, EndRank: { } rank })
            shipment = shipment with { Status = ShipmentStatus.EndedBy(rank) };
        if (!shipment.HasEnded || shipment.EndReceivedAt is not null) return shipment;
        var ended = shipment.EndedAt is { } at ? IsoTime.Parse(at) : null;
        return shipment with { EndReceivedAt = ended ?? Time(row, "updatedAt") ?? shipment.CreatedAt ?? now };
    }

    public static BsonDocument New(ShipmentEntity shipment, DateTimeOffset now)
        => new(FieldsOf(shipment, now).Where(field => !field.Value.IsBsonNull));

    /// <summary>
    /// Only where each field is as it was read: the state was computed from them. No version is needed, because the same fields
    /// give the same state.
    /// </summary>
    public static UpdateOneModel<BsonDocument> Update(BsonDocument read, ShipmentEntity shipment, DateTimeOffset? now)
    {
        var fields = FieldsOf(shipment, now).ToList();
        var asRead = new BsonDocument("_id", read["_id"]).AddRange(fields.Where(field => field.Name != "updatedAt").Select(
            field => new BsonElement(field.Name, new BsonDocument("$eq", read.GetValue(field.Name, BsonNull.Value)))));
        // The text of a status that is not known may stand for another value, which stays as it is.
        fields.RemoveAll(field => field.Name == "status" && !ShipmentStatus.IsKnown(shipment.Status));
        var update = new BsonDocument("$set", new BsonDocument(fields.Where(field => !field.Value.IsBsonNull)));
        var unset = new BsonDocument(
            fields.Where(field => field.Value.IsBsonNull).Select(field => new BsonElement(field.Name, "")));
        return new UpdateOneModel<BsonDocument>(asRead, unset.ElementCount == 0 ? update : update.Add("$unset", unset));
    }

    /// <summary>Without one the original's default; another value than a text is a status that is not known.</summary>
    public static string StatusOf(BsonDocument row)
        => row.GetValue("status", BsonNull.Value) is var status && status.IsBsonNull ? ShipmentStatus.Active : status.ToString()!;

    private static BsonElement[] FieldsOf(ShipmentEntity shipment, DateTimeOffset? now) =>
    [
        new("shippingCompanyId", shipment.Key.ShippingCompanyId.Length == 0 ? BsonNull.Value : shipment.Key.ShippingCompanyId),
        new("shipmentId", shipment.Key.ShipmentId),
        new("merchantId", shipment.MerchantId.Length == 0 ? BsonNull.Value : shipment.MerchantId),
        new("status", shipment.Status),
        new("lastEventAt", DateOrNull(shipment.LastEventAt)),
        new("end", shipment.End is null ? BsonNull.Value : shipment.End),
        new("endReceivedAt", DateOrNull(shipment.EndReceivedAt)),
        new("cycle", shipment.Cycle),
        new("since", DateOrNull(shipment.Since)),
        new("createdAt", DateOrNull(shipment.CreatedAt)),
        new("updatedAt", DateOrNull(now)),
    ];

    private static BsonValue DateOrNull(DateTimeOffset? at) => at is { } known ? Date(known) : BsonNull.Value;
}
