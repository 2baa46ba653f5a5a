using System.Buffers;
using System.Text;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Entities;

/// <summary>The rules of an event's fields for ingest and queue. Each returns null or the error.</summary>
internal static class FieldRules
{
    public const int MaxIdCharacters = 256;
    public const int MaxIdBytes = 512;

    public static readonly string TooLong = $"must have at most {MaxIdCharacters} characters and {MaxIdBytes} UTF-8 bytes";

    private const string IsoDate = "an ISO 8601 date or date-time, such as 2026-02-25T14:30:00Z";

    /// <summary>A character is a Unicode code point, as in JSON Schema's maxLength.</summary>
    public static string? ValidateId(string? id)
    {
        if (id is null) return "must be a string";
        if (string.IsNullOrWhiteSpace(id)) return "must not be blank";
        var characters = 0;
        for (var rest = id.AsSpan(); !rest.IsEmpty; characters++)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != OperationStatus.Done)
                return "must not contain lone surrogates";
            if (Rune.IsControl(rune)) return "must not contain control characters";
            rest = rest[length..];
        }

        return characters > MaxIdCharacters || Encoding.UTF8.GetByteCount(id) > MaxIdBytes ? TooLong : null;
    }

    public static string? ValidateType(string? text) => EventTypeText.Parse(text) is null ? $"must be {EventTypeText.All}" : null;

    public static string? ValidateTime(string? text) => text switch
    {
        null => $"must be a string: {IsoDate}",
        _ when IsoTime.Parse(text) is not null => null,
        _ when IsoTime.HasForm(text) => "names a day that does not exist",
        // Seconds or milliseconds since 1970.
        _ when text.Length >= 9 && text.All(char.IsAsciiDigit) => $"must be {IsoDate}, not a number",
        _ => $"must be {IsoDate}",
    };

    public static string? ValidatePayload(bool isObject) => isObject ? null : "must be an object";
}
