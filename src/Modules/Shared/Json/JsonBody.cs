using System.Text.Json;

namespace Gateway.Shared.Json;

/// <summary>Single members of a JSON object, as they are written in its bytes.</summary>
public static class JsonBody
{
    /// <summary>The maximum nesting of a body; ingest rejects a deeper one.</summary>
    public const int MaxDepth = 64;

    /// <summary>The raw bytes of a member, of the last one if the name is repeated; empty if it is missing.</summary>
    public static ReadOnlySpan<byte> MemberOf(ReadOnlySpan<byte> obj, ReadOnlySpan<byte> name, int maxDepth = MaxDepth)
    {
        ReadOnlySpan<byte> found = default;
        if (obj.IsEmpty) return found;
        var json = new Utf8JsonReader(obj, new JsonReaderOptions { MaxDepth = maxDepth });
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return found;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isNamed = JsonText.Equals(ref json, name);
            json.Read();
            var start = (int)json.TokenStartIndex;
            json.Skip();
            if (isNamed) found = obj[start..(int)json.BytesConsumed];
        }

        return found;
    }

    /// <summary>Null where there is no such member, or its value is not a string.</summary>
    public static string? TextOf(ReadOnlySpan<byte> obj, ReadOnlySpan<byte> name, int maxDepth = MaxDepth)
    {
        var value = MemberOf(obj, name, maxDepth);
        if (!value.StartsWith("\""u8)) return null;
        var json = new Utf8JsonReader(value);
        json.Read();
        return JsonText.Read(ref json) ?? throw new JsonException("a string is not text");
    }

    public static ReadOnlySpan<byte> WithoutBom(ReadOnlySpan<byte> body) => body.StartsWith("\uFEFF"u8) ? body[3..] : body;
}
