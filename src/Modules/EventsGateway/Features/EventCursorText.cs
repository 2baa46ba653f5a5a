using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Features;

/// <summary>The position of an event in the list: the time of its receipt and its key.</summary>
internal static class EventCursorText
{
    public static string Of(EventEntity e) => CursorText.Of(e.ReceivedAt, e.Key.ToString());

    public static EventCursor? Parse(string text)
        => CursorText.Parse(text) is var (at, rest) && EventKey.TryParse(rest, out var key)
            ? new EventCursor(at, key.Value)
            : null;
}
