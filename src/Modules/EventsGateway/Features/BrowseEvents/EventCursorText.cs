using System.Globalization;
using System.Text;
using Gateway.EventsGateway.Events;
using Gateway.EventsGateway.Repositories;
using Microsoft.AspNetCore.WebUtilities;

namespace Gateway.EventsGateway.Features.BrowseEvents;

/// <summary>The place of an event in the list as opaque text: base64url of <c>milliseconds.company.event</c>.</summary>
internal static class EventCursorText
{
    private static readonly long Latest = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    public static string Of(EventEntity e)
        => WebEncoders.Base64UrlEncode(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{e.ReceivedAt.ToUnixTimeMilliseconds()}.{e.Key}")));

    public static EventCursor? Parse(string text)
    {
        try
        {
            var plain = Encoding.ASCII.GetString(WebEncoders.Base64UrlDecode(text));
            return plain.Split('.', 2) is [var time, var keyText]
                   && long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
                   && milliseconds <= Latest
                   && EventKey.TryParse(keyText, out var key)
                ? new EventCursor(DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), key.Value)
                : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
