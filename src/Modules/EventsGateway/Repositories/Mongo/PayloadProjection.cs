using System.Globalization;
using System.Text.Json;
using Gateway.Shared.Json;
using MongoDB.Bson;

namespace Gateway.EventsGateway.Repositories.Mongo;

/// <summary>
/// The body's member <c>payload</c> as BSON, for applications that read this field of the NestJS original. The body is
/// authoritative: what BSON cannot hold is left out, and the row is marked as partial.
/// </summary>
internal readonly record struct PayloadProjection(BsonValue? Value, bool IsPartial)
{
    public static readonly PayloadProjection LeftOut = new(null, IsPartial: true);

    // The row also holds the body, and a document holds at most 16 MiB.
    private const int LongestBody = 1 << 20;

    private static readonly JsonReaderOptions Reading = new() { MaxDepth = 64 };

    public static PayloadProjection Of(ReadOnlySpan<byte> body)
    {
        if (body.Length > LongestBody) return LeftOut;
        try
        {
            var payload = JsonBody.MemberOf(JsonBody.WithoutBom(body), "payload"u8);
            if (payload.IsEmpty) return default;
            var json = new Utf8JsonReader(payload, Reading);
            json.Read();
            var isPartial = false;
            return new PayloadProjection(Any(ref json, ref isPartial), isPartial);
        }
        catch (JsonException)
        {
            // Invalid or too deep JSON: readers have to use the body.
            return LeftOut;
        }
    }

    private static BsonValue Any(ref Utf8JsonReader json, ref bool isPartial) => json.TokenType switch
    {
        JsonTokenType.StartObject => Members(ref json, ref isPartial),
        JsonTokenType.StartArray => Items(ref json, ref isPartial),
        JsonTokenType.String => JsonText.Read(ref json) is { } text ? text : Nothing(ref isPartial),
        JsonTokenType.Number => Number(ref json),
        JsonTokenType.True => BsonBoolean.True,
        JsonTokenType.False => BsonBoolean.False,
        _ => BsonNull.Value,
    };

    private static BsonDocument Members(ref Utf8JsonReader json, ref bool isPartial)
    {
        var document = new BsonDocument();
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            var name = JsonText.Read(ref json);
            json.Read();
            var value = Any(ref json, ref isPartial);
            if (name is null || name.StartsWith('$') || name.AsSpan().ContainsAny('.', '\0')) isPartial = true;
            else document[name] = value;
        }

        return document;
    }

    private static BsonArray Items(ref Utf8JsonReader json, ref bool isPartial)
    {
        var array = new BsonArray();
        while (json.Read() && json.TokenType != JsonTokenType.EndArray) array.Add(Any(ref json, ref isPartial));
        return array;
    }

    private static BsonNull Nothing(ref bool isPartial)
    {
        isPartial = true;
        return BsonNull.Value;
    }

    /// <summary>Keeps each digit (S6): a number that no numeric type can hold becomes a text.</summary>
    private static BsonValue Number(ref Utf8JsonReader json)
    {
        if (json.TryGetInt32(out var small)) return small;
        if (json.TryGetInt64(out var large)) return large;
        var text = System.Text.Encoding.ASCII.GetString(json.ValueSpan);
        var digits = text.Split('e', 'E')[0].Where(char.IsAsciiDigit).SkipWhile(digit => digit == '0').Count();
        // A double keeps 15 digits, a decimal 34.
        if (digits <= 15 && double.Parse(text, CultureInfo.InvariantCulture) is var number && double.IsFinite(number)
            && (digits == 0 || double.IsNormal(number)))
        {
            return number;
        }

        return digits <= 34 && Decimal128.TryParse(text, out var exact) ? exact : text;
    }
}
