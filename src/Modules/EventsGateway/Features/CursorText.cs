using System.Globalization;
using System.Text;
using FluentValidation;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.EventsGateway.Features;

/// <summary>A place in a list that goes by time, as opaque text: base64url of <c>milliseconds.id</c>, all ASCII.</summary>
internal static class CursorText
{
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static string Of(DateTimeOffset at, string id)
        => WebEncoders.Base64UrlEncode(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{at.ToUnixTimeMilliseconds()}.{id}")));

    /// <summary>Where a cursor was given it must lead to one.</summary>
    public static void MustBeAPlace<T, TCursor>(this IRuleBuilderInitial<T, TCursor?> place, Func<T, string?> given)
        where TCursor : class
        => place.NotNull().When(query => given(query) is not null)
            .OverridePropertyName("cursor").WithMessage("cursor must be the nextCursor of an earlier answer");

    /// <summary>Null where it is none.</summary>
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
