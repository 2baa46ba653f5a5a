using System.Buffers;
using System.Text.Json;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Routing;

internal static class EventMapper
{
    private static readonly JsonWriterOptions Writing = new() { SkipValidation = true };

    /// <summary>The original's request to the routing service, made of the carried fields: the body is not read.</summary>
    public static ReadOnlyMemory<byte> ToRoutingRequest(EventEntity e)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, Writing);
        json.WriteStartObject();
        json.WriteString("eventId"u8, e.Key.EventId);
        json.WriteString("shipmentId"u8, e.ShipmentId);
        json.WriteString("merchantId"u8, e.MerchantId);
        json.WriteString("shippingCompanyId"u8, e.Key.ShippingCompanyId);
        var details = EventDetails.MembersOf(e.Details);
        if (!details.IsEmpty) json.WriteRawValue(details, skipInputValidation: true);
        json.WriteString("eventType"u8, e.Type.Text());
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
