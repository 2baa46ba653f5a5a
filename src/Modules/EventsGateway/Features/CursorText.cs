using System.Globalization;
using System.Text;
using FluentValidation;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.EventsGateway.Features;

/// <summary>A position in a list that is ordered by time, as opaque text: base64url of <c>milliseconds.id</c>.</summary>
internal static class CursorText
{
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static string Of(DateTimeOffset at, string id)
        => WebEncoders.Base64UrlEncode(Encoding.ASCII.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeMilliseconds()}.{id}")));

    /// <summary>A given cursor must be valid.</summary>
    public static void MustBeACursor<T, TCursor>(this IRuleBuilderInitial<T, TCursor?> cursor, Func<T, string?> given)
        where TCursor : class
        => cursor.NotNull().When(query => given(query) is not null)
            .OverridePropertyName("cursor").WithMessage("cursor must be the nextCursor of an earlier response");

    /// <summary>Null for a text that is not a cursor.</summary>
    public static (DateTimeOffset At, string Id)? Parse(string text)
    {
        try
        {
            var plain = Encoding.ASCII.GetString(WebEncoders.Base64UrlDecode(text));
            return plain.Split('.', 2) is [var time, var id]
                   && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
                   && milliseconds <= Latest
                ? (DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), id)
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
