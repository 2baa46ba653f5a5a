using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>Whether the headers of a request describe JSON in UTF-8 without a coding, in whatever spelling.</summary>
internal static class JsonMediaType
{
    private const string Json = "application/json";

    public static bool IsCompressed(IHeaderDictionary headers)
        => !StringValues.IsNullOrEmpty(headers.ContentEncoding)
           && !ValuesOf(headers.ContentEncoding).All(coding => coding.Equals("identity", StringComparison.OrdinalIgnoreCase));

    /// <summary>A header that a proxy has doubled means the same twice.</summary>
    public static bool IsJson(IHeaderDictionary headers)
        => headers.ContentType is [Json] || (ValuesOf(headers.ContentType) is { Count: > 0 } types && types.TrueForAll(IsJson));

    private static List<string> ValuesOf(StringValues lines)
        => [.. lines.SelectMany(
            line => line!.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>US-ASCII is a part of UTF-8; <c>utf8</c> is a frequent misspelling.</summary>
    private static bool IsJson(string value)
        => MediaTypeHeaderValue.TryParse(value.TrimEnd(';', ' '), out var type)
           && string.Equals(type.MediaType, Json, StringComparison.OrdinalIgnoreCase)
           && type.CharSet?.Trim('"').ToLowerInvariant() is null or "utf-8" or "utf8" or "us-ascii";
}
