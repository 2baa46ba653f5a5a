using System.Text;
using System.Text.Json;
using Gateway.Shared.Json;

namespace Gateway.EventsGateway.Features.EraseEvents;

/// <summary>Whether a body names an id: as a whole value or name of its JSON, or as a word where it is no JSON.</summary>
internal static class ValueSearch
{
    public static bool Has(ReadOnlySpan<byte> body, ReadOnlySpan<byte> id)
    {
        body = JsonBody.WithoutBom(body);
        try
        {
            var json = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = JsonBody.MaxDepth });
            while (json.Read()) if (IsOrHas(ref json, id)) return true;
            return false;
        }
        catch (JsonException)
        {
            return HasWord(body, id);
        }
    }

    private static bool IsOrHas(ref Utf8JsonReader json, ReadOnlySpan<byte> id)
    {
        switch (json.TokenType)
        {
            case JsonTokenType.Number:
                return json.ValueSpan.SequenceEqual(id);
            case JsonTokenType.PropertyName:
                return JsonText.Equals(ref json, id);
            case JsonTokenType.String:
                // Some senders put JSON into a text.
                return JsonText.Equals(ref json, id)
                    || (json.ValueSpan is [(byte)'{' or (byte)'[', ..] && JsonText.Read(ref json) is { } inner
                        && Has(Encoding.UTF8.GetBytes(inner), id));
            default:
                return false;
        }
    }

    private static bool HasWord(ReadOnlySpan<byte> text, ReadOnlySpan<byte> id)
    {
        for (int at = 0, next; (next = text[at..].IndexOf(id)) >= 0; at += next + 1)
        {
            var (start, end) = (at + next, at + next + id.Length);
            if ((start == 0 || !IsOfWord(text[start - 1])) && (end == text.Length || !IsOfWord(text[end]))) return true;
        }

        return false;
    }

    private static bool IsOfWord(byte sign)
        => char.IsAsciiLetterOrDigit((char)sign) || sign is (byte)'-' or (byte)'_' or >= 0x80;
}
