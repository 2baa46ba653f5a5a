using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;

namespace Gateway.EventsGateway.Queue.RabbitMq;

/// <summary>The fields of an event beside its body. Times are Unix milliseconds.</summary>
internal sealed record Envelope(
    Guid AcceptId, string ShippingCompanyId, string EventId, string MerchantId, string ShipmentId, string Type, long OccurredAt,
    long ReceivedAt, string? Headers = null, string? Traceparent = null, string? RequestId = null)
{
    public static byte[] Of(AcceptedEvent e) => JsonSerializer.SerializeToUtf8Bytes(
        new Envelope(
            e.AcceptId, e.Key.ShippingCompanyId, e.Key.EventId, e.MerchantId, e.ShipmentId, e.Type.Text(),
            e.OccurredAt.ToUnixTimeMilliseconds(), e.ReceivedAt.ToUnixTimeMilliseconds(), e.Headers, e.Traceparent,
            e.RequestId),
        EnvelopeJson.Default.Envelope);

    /// <summary>Throws when the bytes are not an envelope, or its fields break the rules of ingest.</summary>
    public static AcceptedEvent Read(ReadOnlySpan<byte> json, byte[] body)
    {
        var envelope = JsonSerializer.Deserialize(json, EnvelopeJson.Default.Envelope) ?? throw new JsonException("null");
        return new AcceptedEvent
        {
            AcceptId = envelope.AcceptId,
            Key = new EventKey(Id(envelope.ShippingCompanyId), Id(envelope.EventId)),
            MerchantId = Id(envelope.MerchantId),
            ShipmentId = Id(envelope.ShipmentId),
            Type = EventTypeText.Parse(envelope.Type) ?? throw new JsonException($"unknown type {envelope.Type}"),
            OccurredAt = DateTimeOffset.FromUnixTimeMilliseconds(envelope.OccurredAt),
            ReceivedAt = DateTimeOffset.FromUnixTimeMilliseconds(envelope.ReceivedAt),
            Body = body,
            Headers = envelope.Headers,
            Traceparent = envelope.Traceparent,
            RequestId = envelope.RequestId,
        };
    }

    private static string Id(string id)
        => FieldRules.ValidateId(id) is { } error ? throw new JsonException($"an id {error}") : id;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Envelope))]
internal sealed partial class EnvelopeJson : JsonSerializerContext;
