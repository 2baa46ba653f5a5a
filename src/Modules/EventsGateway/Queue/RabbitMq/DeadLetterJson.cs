using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Queue.RabbitMq;

/// <summary>A failed event as readable JSON: everything that an operator needs to understand and to repeat it.</summary>
internal static class DeadLetterJson
{
    // RabbitMQ 4 rejects messages over 16 MiB, and such a message would block the following ones. The store has the body.
    private const int MaxBodyBytes = 1 << 20;

    // The JSON is not embedded in HTML: non-ASCII letters need no escapes.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Of(EventEntity e)
    {
        var buffer = new ArrayBufferWriter<byte>(e.Body.Length + 1024);
        using var json = new Utf8JsonWriter(buffer, Readable);
        json.WriteStartObject();
        json.WriteString("key"u8, e.Key.ToString());
        json.WriteString("eventId"u8, e.Key.EventId);
        json.WriteString("shippingCompanyId"u8, e.Key.ShippingCompanyId);
        json.WriteString("source"u8, e.Source);
        json.WriteString("merchantId"u8, e.MerchantId);
        json.WriteString("shipmentId"u8, e.ShipmentId);
        json.WriteString("type"u8, e.Type.Text());
        json.WriteString("occurredAt"u8, IsoTime.Text(e.OccurredAt));
        json.WriteString("receivedAt"u8, IsoTime.Text(e.ReceivedAt));
        json.WriteString("outcome"u8, e.Outcome);
        json.WriteString("lastError"u8, e.LastError);
        json.WriteNumber("generation"u8, e.Generation);
        json.WriteStartArray("attempts"u8);
        foreach (var attempt in e.Attempts) JsonSerializer.Serialize(json, attempt, EventJson.Default.AttemptRecord);
        json.WriteEndArray();
        json.WritePropertyName("details"u8);
        json.WriteRawValue(e.Details, skipInputValidation: true);
        if (e.ItemIndex is { } index) json.WriteNumber("itemIndex"u8, index);
        if (e.RequestDigest is { } digest) json.WriteString("requestDigest"u8, digest);
        WriteBody(json, e.Body.Span);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    // As text, so that people can read it and every digit is preserved; a body that is not UTF-8 as base64.
    private static void WriteBody(Utf8JsonWriter json, ReadOnlySpan<byte> body)
    {
        if (body.Length > MaxBodyBytes) json.WriteNumber("bodyBytes"u8, body.Length);
        else if (Utf8.IsValid(body)) json.WriteString("body"u8, body);
        else json.WriteBase64String("bodyBase64"u8, body);
    }
}
