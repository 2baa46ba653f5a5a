using MongoDB.Bson;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>Values of single fields. A field that is missing, or has an unexpected type, reads as null or empty.</summary>
internal static class BsonFields
{
    public static BsonDateTime Date(DateTimeOffset at) => new(at.ToUnixTimeMilliseconds());

    public static BsonBinaryData Id(Guid id) => new(id, GuidRepresentation.Standard);

    public static string? Text(BsonDocument row, string field)
        => row.GetValue(field, BsonNull.Value) is BsonString text ? text.Value : null;

    public static DateTimeOffset? Time(BsonDocument row, string field)
        => row.GetValue(field, BsonNull.Value) is BsonDateTime { IsValidDateTime: true } at
            ? DateTimeOffset.FromUnixTimeMilliseconds(at.MillisecondsSinceEpoch)
            : null;

    public static int? Number(BsonDocument row, string field)
        => row.GetValue(field, BsonNull.Value) is { IsNumeric: true } number
            ? (int)Math.Clamp(number.ToDouble(), int.MinValue, int.MaxValue) : null;

    public static BsonArray Items(BsonDocument row, string field) => row.GetValue(field, BsonNull.Value) as BsonArray ?? [];

    public static byte[] Bytes(BsonDocument row, string field)
        => row.GetValue(field, BsonNull.Value) is BsonBinaryData bytes ? bytes.Bytes : [];
}
