using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.Shared.Json;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.NestInterop;

/// <summary>
/// One event as the NestJS original writes it into its queue: <c>{"pattern":"process-event","data":{…}}</c>, and no
/// <c>id</c>, because NestJS treats a message with an id as a request that expects a reply.
/// </summary>
internal static class NestEnvelope
{
    private const string Pattern = "process-event";

    /// <summary>The data may be as deep as a body; it stands one level deeper.</summary>
    private const int Depth = JsonBody.MaxDepth + 1;

    /// <summary>
    /// Copies payload and occurredAt byte by byte: numbers keep each digit (S6). The original stores the whole payload, and this
    /// format holds events of the built-in source alone.
    /// </summary>
    public static byte[] Write(AcceptedEvent e)
    {
        var buffer = new ArrayBufferWriter<byte>(e.Body.Length + 256);
        using var json = new Utf8JsonWriter(buffer);
        var body = JsonBody.WithoutBom(e.Body);
        json.WriteStartObject();
        json.WriteString("pattern"u8, Pattern);
        json.WriteStartObject("data"u8);
        WriteText(json, "eventId"u8, e.Key.EventId);
        WriteText(json, "merchantId"u8, e.MerchantId);
        WriteText(json, "shippingCompanyId"u8, e.Key.ShippingCompanyId);
        WriteText(json, "shipmentId"u8, e.ShipmentId);
        WriteText(json, "type"u8, e.Type.Text());
        WriteRaw(json, "occurredAt"u8, JsonBody.MemberOf(body, "occurredAt"u8));
        WriteRaw(json, "payload"u8, JsonBody.MemberOf(body, "payload"u8));
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>
    /// Never throws. The original has answered 202, so a message that is not a valid event is
    /// <see cref="AcceptedEvent.Quarantined"/> with its bytes.
    /// </summary>
    public static AcceptedEvent Read(ReadOnlySpan<byte> message, DateTimeOffset now)
    {
        try
        {
            return ReadData(DataOf(message), now);
        }
        catch (Exception broken) when (broken is FormatException or JsonException)
        {
            var reason = broken is FormatException ? broken.Message : "not readable as JSON";
            var defect = new Defect(FailureReason.Unreadable, reason);
            return AcceptedEvent.Quarantined(message.ToArray(), defect, now, ReadableIdOf(message));
        }
    }

    private static string? ReadableIdOf(ReadOnlySpan<byte> message)
    {
        try
        {
            var id = Utf8.IsValid(message)
                ? JsonBody.TextOf(JsonBody.MemberOf(message, "data"u8, Depth), "eventId"u8, Depth)
                : null;
            return FieldRules.ValidateId(id) is null ? id : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // Of the characters that an id may have, JSON.stringify escapes these two; System.Text.Json would escape more.
    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string text)
    {
        json.WritePropertyName(name);
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
        json.WriteRawValue($"\"{escaped}\"");
    }

    private static void WriteRaw(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(value, skipInputValidation: true);
    }

    private static ReadOnlySpan<byte> DataOf(ReadOnlySpan<byte> message)
    {
        if (!Utf8.IsValid(message)) throw new FormatException("not valid UTF-8");
        var whole = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = Depth });
        while (whole.Read()) whole.Skip();
        if (JsonBody.TextOf(message, "pattern"u8, Depth) != Pattern) 
            throw new FormatException($"its pattern is not {Pattern}");
        var data = JsonBody.MemberOf(message, "data"u8, Depth);
        return data.StartsWith("{"u8) ? data : throw new FormatException("it has no data");
    }

    private static AcceptedEvent ReadData(ReadOnlySpan<byte> data, DateTimeOffset now)
    {
        var isObject = JsonBody.MemberOf(data, "payload"u8).StartsWith("{"u8);
        if (FieldRules.ValidatePayload(isObject) is { } error) throw new FormatException($"payload {error}");
        var e = new AcceptedEvent
        {
            AcceptId = Guid.CreateVersion7(now),
            Key = new EventKey(
                Field(data, "shippingCompanyId", FieldRules.ValidateId), Field(data, "eventId", FieldRules.ValidateId)),
            MerchantId = Field(data, "merchantId", FieldRules.ValidateId),
            ShipmentId = Field(data, "shipmentId", FieldRules.ValidateId),
            Type = EventTypeText.Parse(Field(data, "type", FieldRules.ValidateType))!.Value,
            OccurredAt = IsoTime.Parse(Field(data, "occurredAt", FieldRules.ValidateTime))!.Value,
            ReceivedAt = now,
            Details = BuiltInBody.DetailsOf(data),
            Body = data.ToArray(),
            Headers = AcceptedEvent.FromNest,
        };
        return e with { EffectiveAt = BuiltInBody.EffectiveAtOf(e.Type, data) };
    }

    private static string Field(ReadOnlySpan<byte> data, string name, Func<string?, string?> errorOf)
    {
        var text = JsonBody.TextOf(data, Encoding.UTF8.GetBytes(name));
        return errorOf(text) is { } error ? throw new FormatException($"{name} {error}") : text!;
    }
}
