using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Queue.RabbitMq;

/// <summary>A failed event as people read it: everything that an operator needs to judge or to repeat it.</summary>
internal static class DeadLetterJson
{
    // RabbitMQ 4 refuses messages over 16 MiB, and one of them would hold up the others. The store has the body.
    private const int LongestBody = 1 << 20;

    // Nobody puts it into a page: letters stay letters.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Of(EventEntity e)
    {
        var buffer = new ArrayBufferWriter<byte>(e.Body.Length + 1024);
        using var json = new Utf8JsonWriter(buffer, Readable);
        json.WriteStartObject();
        json.WriteString("key"u8, e.Key.ToString());
        json.WriteString("eventId"u8, e.Key.EventId);
        json.WriteString("shippingCompanyId"u8, e.Key.ShippingCompanyId);
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
        WriteBody(json, e.Body.Span);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    // As text, so that it is read, and so that every digit of it stays; bytes that are no text stay bytes.
    private static void WriteBody(Utf8JsonWriter json, ReadOnlySpan<byte> body)
    {
        if (body.Length > LongestBody) json.WriteNumber("bodyBytes"u8, body.Length);
        else if (Utf8.IsValid(body)) json.WriteString("body"u8, body);
        else json.WriteBase64String("bodyBase64"u8, body);
    }
}
