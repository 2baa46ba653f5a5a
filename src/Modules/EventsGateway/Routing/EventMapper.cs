using System.Buffers;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Json;

namespace Gateway.EventsGateway.Routing;

internal static class EventMapper
{
    /// <summary>The maximum nesting of a body; ingest rejects a deeper one.</summary>
    public const int MaxDepth = 64;

    private static readonly JsonWriterOptions Writing = new() { SkipValidation = true };

    private static readonly byte[][] CopiedFromPayload = ["origin"u8.ToArray(), "destination"u8.ToArray(), "weight"u8.ToArray()];

    /// <summary>
    /// The original's request to the routing service. Members of the payload are copied as they are in the signed body:
    /// numbers keep every digit (S6).
    /// </summary>
    public static ReadOnlyMemory<byte> ToRoutingRequest(EventEntity e)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(buffer, Writing);
        json.WriteStartObject();
        json.WriteString("eventId"u8, e.Key.EventId);
        json.WriteString("shipmentId"u8, e.ShipmentId);
        json.WriteString("merchantId"u8, e.MerchantId);
        json.WriteString("shippingCompanyId"u8, e.Key.ShippingCompanyId);
        CopyFrom(MemberOf(WithoutBom(e.Body.Span), "payload"u8), json);
        json.WriteString("eventType"u8, e.Type.Text());
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>Reads the body in one pass, because a payload may have 100 KiB.</summary>
    private static void CopyFrom(ReadOnlySpan<byte> payload, Utf8JsonWriter json)
    {
        Span<Range> found = stackalloc Range[CopiedFromPayload.Length];
        if (payload.IsEmpty) return;
        var members = new Utf8JsonReader(payload, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (!members.Read() || members.TokenType != JsonTokenType.StartObject) return;
        while (members.Read() && members.TokenType == JsonTokenType.PropertyName)
        {
            var isAt = -1;
            for (var i = 0; i < found.Length && isAt < 0; i++) if (JsonText.Equals(ref members, CopiedFromPayload[i])) isAt = i;
            members.Read();
            var start = (int)members.TokenStartIndex;
            members.Skip();
            if (isAt >= 0) found[isAt] = start..(int)members.BytesConsumed;
        }

        for (var i = 0; i < found.Length; i++)
        {
            // A value is never at the beginning of its object, so 0 means that the member is missing.
            if (found[i].Equals(default)) continue;
            json.WritePropertyName(CopiedFromPayload[i]);
            json.WriteRawValue(payload[found[i]], skipInputValidation: true);
        }
    }

    /// <summary>The raw bytes of a member, of the last one if the name is repeated; empty if it is missing.</summary>
    public static ReadOnlySpan<byte> MemberOf(ReadOnlySpan<byte> obj, ReadOnlySpan<byte> name, int maxDepth = MaxDepth)
    {
        ReadOnlySpan<byte> found = default;
        if (obj.IsEmpty) return found;
        var json = new Utf8JsonReader(obj, new JsonReaderOptions { MaxDepth = maxDepth });
        if (!json.Read() || json.TokenType != JsonTokenType.StartObject) return found;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isNamed = JsonText.Equals(ref json, name);
            json.Read();
            var start = (int)json.TokenStartIndex;
            json.Skip();
            if (isNamed) found = obj[start..(int)json.BytesConsumed];
        }

        return found;
    }

    /// <summary>Null where there is no such member, or its value is not a string.</summary>
    public static string? TextOf(ReadOnlySpan<byte> obj, ReadOnlySpan<byte> name, int maxDepth = MaxDepth)
    {
        var value = MemberOf(obj, name, maxDepth);
        if (!value.StartsWith("\""u8)) return null;
        var json = new Utf8JsonReader(value);
        json.Read();
        return JsonText.Read(ref json) ?? throw new JsonException("a string is not text");
    }

    public static ReadOnlySpan<byte> WithoutBom(ReadOnlySpan<byte> body) => body.StartsWith("\uFEFF"u8) ? body[3..] : body;
}
