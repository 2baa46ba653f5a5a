using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Routing;

/// <summary>What an attempt keeps of an answer. The text is foreign: cleaned of control characters, and capped.</summary>
internal static class AnswerEvidence
{
    private const int MaxBody = 2048;
    private const int MaxHeader = 200;
    private const int MaxError = 200;

    private static readonly string[] Kept =
        ["Content-Type", "Content-Encoding", "Retry-After", "WWW-Authenticate", "Server", "Via", "X-Request-Id"];

    private static readonly string[] ErrorMembers = ["error", "message", "title"];

    public static AttemptAnswer Of(HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var headers = new StringBuilder();
        foreach (var name in Kept)
        {
            if (response.Headers.NonValidated.TryGetValues(name, out var values)
                || response.Content.Headers.NonValidated.TryGetValues(name, out values))
            {
                Add(headers, name, values.ToString());
            }
        }

        // A redirect may carry a token in its query.
        if (response.Headers.Location is { } to) Add(headers, "Location", to.ToString().Split('?', '#')[0].Split('@')[^1]);
        var text = Encoding.UTF8.GetString(body.Length > MaxBody ? body[..MaxBody] : body);
        return new AttemptAnswer(
            (int)response.StatusCode, headers.Length == 0 ? null : headers.ToString(),
            text.Length == 0 ? null : Clean(text, MaxBody));
    }

    /// <summary>The texts of error, message and title of a JSON answer; null without one.</summary>
    public static string? ErrorTextOf(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty) return null;
        try
        {
            using var json = JsonDocument.Parse(body);
            return ErrorTextOf(json.RootElement);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public static string? ErrorTextOf(JsonElement answer)
        => string.Join(": ", TextsOf(answer).Where(text => text.Length > 0).Distinct()) is { Length: > 0 } all
            ? Clean(all, MaxError)
            : null;

    public static string Clean(string text, int max)
    {
        var clean = new StringBuilder(Math.Min(text.Length, max));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > max) break;
            clean.Append(IsUnsafe(rune) ? " " : rune.ToString());
        }

        return clean.ToString().Trim();
    }

    private static IEnumerable<string> TextsOf(JsonElement answer)
        => answer.ValueKind == JsonValueKind.Object
            ? ErrorMembers.SelectMany(name => answer.TryGetProperty(name, out var value) ? TextsIn(value) : [])
            : [];

    private static IEnumerable<string> TextsIn(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!.Trim()],
        JsonValueKind.Array => value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String)
            .Select(item => item.GetString()!.Trim()),
        JsonValueKind.Object => TextsOf(value),
        _ => [],
    };

    /// <summary>Control characters, and those that change the order or the lines of a text.</summary>
    private static bool IsUnsafe(Rune rune) => Rune.GetUnicodeCategory(rune)
        is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;

    private static void Add(StringBuilder headers, string name, string value)
        => headers.Append(headers.Length == 0 ? "" : "\n").Append(name).Append(": ").Append(Clean(value, MaxHeader));
}
