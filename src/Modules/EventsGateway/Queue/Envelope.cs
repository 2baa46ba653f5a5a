using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;

namespace Gateway.EventsGateway.Queue;

/// <summary>
/// The fields of an event beside its body. Times are Unix milliseconds. Messages of an earlier version have no details and no
/// effectiveAt; the source is left out of events of the built-in one, and so is its first secret.
/// </summary>
internal sealed record Envelope(
    Guid AcceptId, string ShippingCompanyId, string EventId, string MerchantId, string ShipmentId, string Type, long OccurredAt,
    long ReceivedAt, string? Headers = null, string? Traceparent = null, string? RequestId = null,
    long? EffectiveAt = null, string? Source = null, string? SecretId = null, string? AfterEnd = null,
    [property: JsonConverter(typeof(JsonObjectText))] string? Details = null,
    int? ItemIndex = null, string? RequestDigest = null, string? Unmapped = null)
{
    public static byte[] Of(AcceptedEvent e) => JsonSerializer.SerializeToUtf8Bytes(
        new Envelope(
            e.AcceptId, e.Key.ShippingCompanyId, e.Key.EventId, e.MerchantId, e.ShipmentId, e.Type.Text(),
            e.OccurredAt.ToUnixTimeMilliseconds(), e.ReceivedAt.ToUnixTimeMilliseconds(), e.Headers, e.Traceparent,
            e.RequestId, e.EffectiveAt?.ToUnixTimeMilliseconds(), e.Source == CanonicalEvent.BuiltInSource ? null : e.Source,
            e.IsOrdinary ? null : e.SecretId, e.AfterEnd?.Text(), e.Details, e.ItemIndex, e.RequestDigest, e.Defect?.Error),
        EnvelopeJson.Default.Envelope);

    /// <summary>Throws when the bytes are not an envelope, or its fields break the rules of ingest.</summary>
    public static AcceptedEvent Read(ReadOnlySpan<byte> json, byte[] body)
    {
        var envelope = JsonSerializer.Deserialize(json, EnvelopeJson.Default.Envelope) ?? throw new JsonException("null");
        if (envelope.Unmapped is { } error) return ContainerOf(envelope, error, body);
        var type = EventTypeText.Parse(envelope.Type) ?? throw new JsonException($"unknown type {envelope.Type}");
        return new AcceptedEvent
        {
            AcceptId = envelope.AcceptId,
            Key = new EventKey(Id(envelope.ShippingCompanyId), Id(envelope.EventId)),
            MerchantId = Id(envelope.MerchantId),
            ShipmentId = Id(envelope.ShipmentId),
            Type = type,
            OccurredAt = DateTimeOffset.FromUnixTimeMilliseconds(envelope.OccurredAt),
            ReceivedAt = DateTimeOffset.FromUnixTimeMilliseconds(envelope.ReceivedAt),
            EffectiveAt = envelope.Details is null ? BuiltInBody.EffectiveAtOf(type, body) : TimeOf(envelope.EffectiveAt),
            Source = envelope.Source ?? CanonicalEvent.BuiltInSource,
            SecretId = envelope.SecretId ?? (envelope.Source is null ? AcceptedEvent.BuiltInSecretId : null),
            AfterEnd = envelope.AfterEnd is { } text
                ? AfterEndText.Parse(text) ?? throw new JsonException($"unknown afterEnd {text}")
                : null,
            Details = envelope.Details ?? BuiltInBody.DetailsOf(body),
            ItemIndex = envelope.ItemIndex,
            RequestDigest = envelope.RequestDigest,
            Body = body,
            Headers = envelope.Headers,
            Traceparent = envelope.Traceparent,
            RequestId = envelope.RequestId,
        };
    }

    /// <summary>It has no fields of an event but its key.</summary>
    private static AcceptedEvent ContainerOf(Envelope envelope, string error, byte[] body) => AcceptedEvent.Container(
        new EventKey(Id(envelope.ShippingCompanyId), Id(envelope.EventId)), body,
        DateTimeOffset.FromUnixTimeMilliseconds(envelope.ReceivedAt), envelope.Source ?? CanonicalEvent.BuiltInSource, error) with
    {
        AcceptId = envelope.AcceptId,
        SecretId = envelope.SecretId,
        Headers = envelope.Headers,
        Traceparent = envelope.Traceparent,
        RequestId = envelope.RequestId,
    };

    private static DateTimeOffset? TimeOf(long? milliseconds)
        => milliseconds is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    private static string Id(string id)
        => FieldRules.ValidateId(id) is { } error ? throw new JsonException($"an id {error}") : id;
}

/// <summary>A text that is a JSON object, written as it is: as a JSON string each of its quotes would take six bytes.</summary>
internal sealed class JsonObjectText : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader json, Type type, JsonSerializerOptions options)
        => json.TokenType == JsonTokenType.StartObject
            ? JsonElement.ParseValue(ref json).GetRawText()
            : throw new JsonException("not a JSON object");

    public override void Write(Utf8JsonWriter json, string value, JsonSerializerOptions options)
        => json.WriteRawValue(value, skipInputValidation: true);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Envelope))]
internal sealed partial class EnvelopeJson : JsonSerializerContext;
