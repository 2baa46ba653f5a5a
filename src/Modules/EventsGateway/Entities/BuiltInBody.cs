using System.Text.Json;
using Gateway.Shared.Json;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Entities;

/// <summary>
/// The JSON of the built-in source, read again where an event does not carry what ingest reads from it: rows and messages of an
/// earlier version, and messages of the NestJS original. Bytes that are not such JSON have nothing to carry.
/// </summary>
internal static class BuiltInBody
{
    public static string DetailsOf(ReadOnlySpan<byte> body)
    {
        try
        {
            var payload = JsonBody.MemberOf(JsonBody.WithoutBom(body), "payload"u8);
            if (!payload.StartsWith("{"u8)) return EventDetails.None;
            var json = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = JsonBody.MaxDepth });
            json.Read();
            return EventDetails.Read(ref json, payload);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return EventDetails.None;
        }
    }

    public static DateTimeOffset? EffectiveAtOf(EventType type, ReadOnlySpan<byte> body)
    {
        try
        {
            return type.EndsShipment() && JsonBody.TextOf(JsonBody.WithoutBom(body), "occurredAt"u8) is { } occurredAt
                ? EffectiveAtOf(type, occurredAt)
                : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // The queue reader stops for no content.
            return null;
        }
    }

    /// <summary>Of an end, the last millisecond of the precision that occurredAt was written with.</summary>
    public static DateTimeOffset? EffectiveAtOf(EventType type, string occurredAt)
        => type.EndsShipment() ? IsoTime.ParseLast(occurredAt) : null;
}
