using System.Text;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Errors;

namespace Gateway.EventsGateway.Routing;

/// <summary>What an attempt keeps of an answer. The text is from outside: cleaned and capped.</summary>
internal static class AnswerEvidence
{
    private const int MaxBody = 2048;
    private const int MaxHeader = 200;
    private const int MaxError = 200;

    private static readonly string[] Kept =
        ["Content-Type", "Content-Encoding", "Retry-After", "WWW-Authenticate", "Server", "Via", "X-Request-Id"];

    private static readonly string[] ErrorMembers = ["error", "code", "message", "title"];

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
            text.Length == 0 ? null : OutsideText.Clean(text.Trim(), MaxBody));
    }

    /// <summary>The texts of error, code, message and title of a JSON answer; null without one.</summary>
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
            ? OutsideText.Clean(all, MaxError)
            : null;

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

    private static void Add(StringBuilder headers, string name, string value)
        => headers.Append(headers.Length == 0 ? "" : "\n").Append(name).Append(": ").Append(OutsideText.Clean(value, MaxHeader));
}
