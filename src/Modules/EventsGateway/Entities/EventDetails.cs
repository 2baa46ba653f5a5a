using System.Text;
using System.Text.Json;
using Gateway.Shared.Json;

namespace Gateway.EventsGateway.Entities;

/// <summary>
/// Origin, destination and weight, which the routing call needs: a JSON object with these members, each value as its sender wrote
/// it, because a number must keep every digit (S6). A member that the sender left out is left out.
/// </summary>
internal static class EventDetails
{
    public const string None = "{}";

    private const int MaxOnStack = 512;

    private static ReadOnlySpan<byte> Origin => "\"origin\":"u8;

    private static ReadOnlySpan<byte> Destination => "\"destination\":"u8;

    private static ReadOnlySpan<byte> Weight => "\"weight\":"u8;

    /// <summary>Each value is JSON; an empty one is missing.</summary>
    public static string Of(ReadOnlySpan<byte> origin, ReadOnlySpan<byte> destination, ReadOnlySpan<byte> weight)
    {
        var length = LengthOf(Origin, origin) + LengthOf(Destination, destination) + LengthOf(Weight, weight);
        if (length == 0) return None;
        var details = length < MaxOnStack ? stackalloc byte[length + 1] : new byte[length + 1];
        var at = 0;
        Write(details, ref at, Origin, origin);
        Write(details, ref at, Destination, destination);
        Write(details, ref at, Weight, weight);
        details[at] = (byte)'}';
        return Encoding.UTF8.GetString(details);
    }

    /// <summary>
    /// Reads to the end of an object whose beginning was read. Of members with the same name the last one counts.
    /// </summary>
    public static string Read(ref Utf8JsonReader json, ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> origin = default, destination = default, weight = default;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonText.Equals(ref json, "origin"u8)) origin = ValueOf(ref json, bytes);
            else if (JsonText.Equals(ref json, "destination"u8)) destination = ValueOf(ref json, bytes);
            else if (JsonText.Equals(ref json, "weight"u8)) weight = ValueOf(ref json, bytes);
            else json.Skip();
        }

        return Of(origin, destination, weight);
    }

    /// <summary>The members without the braces.</summary>
    public static ReadOnlySpan<char> MembersOf(string details) => details.AsSpan(1..^1);

    private static ReadOnlySpan<byte> ValueOf(scoped ref Utf8JsonReader json, ReadOnlySpan<byte> bytes)
    {
        json.Read();
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return bytes[start..(int)json.BytesConsumed];
    }

    /// <summary>With the brace or the comma before the name.</summary>
    private static int LengthOf(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        => value.IsEmpty ? 0 : 1 + name.Length + value.Length;

    private static void Write(Span<byte> details, ref int at, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty) return;
        details[at] = (byte)(at == 0 ? '{' : ',');
        name.CopyTo(details[(at + 1)..]);
        value.CopyTo(details[(at + 1 + name.Length)..]);
        at += LengthOf(name, value);
    }
}
