using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace Gateway.EventsGateway.Routing;

/// <summary>
/// Seconds or an HTTP date (RFC 9110, 10.2.3), at most an hour. Services also send fractions, several values (the longest
/// counts) and numbers over 2^31.
/// </summary>
internal static class RetryAfter
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    public static TimeSpan? Of(HttpResponseMessage response, DateTimeOffset now)
        => response.Headers.NonValidated.TryGetValues("Retry-After", out var values)
            ? values.Select(value => Read(value, now)).Max()
            : null;

    private static TimeSpan? Read(string value, DateTimeOffset now)
    {
        // A date contains a comma too.
        if (HeaderUtilities.TryParseDate(value, out var date) || IsOtherDate(value, out date))
            return Capped((date - now).TotalSeconds);
        return value.Split(',').Select(Seconds).Max();
    }

    private static bool IsOtherDate(string value, out DateTimeOffset date)
    {
        date = default;
        return value.Contains(':', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(value, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out date);
    }

    private static TimeSpan? Seconds(string value)
        => double.TryParse(value.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && !double.IsNaN(seconds)
            ? Capped(seconds)
            : null;

    private static TimeSpan Capped(double seconds)
        => seconds < Longest.TotalSeconds ? TimeSpan.FromSeconds(Math.Max(seconds, 0)) : Longest;
}
