using System.Globalization;
using System.Text;
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
        JsonTokenType.Number => Number(ref json, ref isPartial),
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

    /// <summary>
    /// As the original stored it: the number that JavaScript reads, an integer of 32 bits where it is one. The body keeps each
    /// digit (S6), and the row is marked as partial where this number does not.
    /// </summary>
    private static BsonValue Number(ref Utf8JsonReader json, ref bool isPartial)
    {
        var text = Encoding.ASCII.GetString(json.ValueSpan);
        var number = double.Parse(text, CultureInfo.InvariantCulture);
        isPartial |= !double.IsFinite(number) || DigitsOf(text) != DigitsOf(number.ToString("R", CultureInfo.InvariantCulture));
        var isInteger = (int)number == number && !(number == 0 && double.IsNegative(number));
        return isInteger ? new BsonInt32((int)number) : new BsonDouble(number);
    }

    /// <summary>The significant digits: without sign, point, exponent and zeros at both ends.</summary>
    private static string DigitsOf(string number)
        => string.Concat(number.Split('e', 'E')[0].Where(char.IsAsciiDigit)).Trim('0');
}
