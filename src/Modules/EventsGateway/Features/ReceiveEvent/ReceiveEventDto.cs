using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Unicode;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ReceiveEvent.Rejections;
using Gateway.Shared.Json;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>
/// The body of a webhook. The signed bytes are stored as they are, so only the fields that the gateway itself needs are
/// decoded. A text field that is missing or is not a JSON string is null.
/// </summary>
public sealed record ReceiveEventDto
{
    /// <summary>The field name of an error that concerns the body as a whole.</summary>
    internal const string Body = "body";

    private static readonly Rejection NotAnObject = Rejection.InvalidFields([new(Body, $"{Body} must be a JSON object")]);

    private static readonly JsonReaderOptions Json = new() { MaxDepth = JsonBody.MaxDepth };

    /// <summary>The sender's id of this notification: 1-256 characters, at most 512 UTF-8 bytes.</summary>
    public string? EventId { get; init; }

    public string? MerchantId { get; init; }

    public string? ShippingCompanyId { get; init; }

    public string? ShipmentId { get; init; }

    /// <summary>SHIPMENT_CREATED, SHIPMENT_UPDATED, SHIPMENT_DELIVERED or SHIPMENT_CANCELLED.</summary>
    public string? Type { get; init; }

    /// <summary>ISO 8601 date or date-time; without a zone it is UTC.</summary>
    public string? OccurredAt { get; init; }

    /// <summary>Whether <c>payload</c> is a JSON object; its content stays in the signed bytes.</summary>
    public bool PayloadIsObject { get; init; }

    /// <summary>What the routing call needs of <c>payload</c>.</summary>
    internal string Details { get; init; } = EventDetails.None;

    /// <summary>Fields that have another JSON type than expected; null if there are none.</summary>
    internal IReadOnlyCollection<string>? OfAnotherType { get; init; }

    /// <summary>Skips unknown members. Of members with the same name the last one counts (RFC 8259, section 4).</summary>
    internal static bool TryParse(
        ReadOnlySpan<byte> body, [NotNullWhen(true)] out ReceiveEventDto? dto, [NotNullWhen(false)] out Rejection? rejection)
    {
        body = JsonBody.WithoutBom(body);
        (dto, rejection) = (null, null);
        try
        {
            if (!Utf8.IsValid(body)) rejection = Rejection.Malformed("The body is not valid UTF-8");
            else if ((dto = Read(body)) is null) rejection = NotAnObject;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is thrown for a member name with half of a surrogate pair as an escape.
            rejection = Rejection.Malformed("The body is not valid JSON");
        }

        return dto is not null;
    }

    /// <summary>Null where the JSON is valid and its root is not an object.</summary>
    private static ReceiveEventDto? Read(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body, Json);
        json.Read();
        var fields = new Fields(body);
        if (json.TokenType == JsonTokenType.StartObject)
        {
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName) fields.ReadMember(ref json);
        }
        else if (!json.TrySkip())
        {
            throw new JsonException();
        }

        var isObject = json.TokenType == JsonTokenType.EndObject;
        if (json.Read()) throw new JsonException();
        return isObject ? fields.ToDto() : null;
    }

    private ref struct Fields(ReadOnlySpan<byte> body)
    {
        // Not a text: the validator rejects the field.
        private const string LoneSurrogate = "\ud800";

        private readonly ReadOnlySpan<byte> _body = body;
        private string? _eventId, _merchantId, _shippingCompanyId, _shipmentId, _type, _occurredAt;
        private string? _details;
        private List<string>? _ofAnotherType;

        public void ReadMember(ref Utf8JsonReader json)
        {
            if (json.ValueTextEquals("eventId"u8)) _eventId = Text(ref json, "eventId");
            else if (json.ValueTextEquals("merchantId"u8)) _merchantId = Text(ref json, "merchantId");
            else if (json.ValueTextEquals("shippingCompanyId"u8)) _shippingCompanyId = Text(ref json, "shippingCompanyId");
            else if (json.ValueTextEquals("shipmentId"u8)) _shipmentId = Text(ref json, "shipmentId");
            else if (json.ValueTextEquals("type"u8)) _type = Text(ref json, "type");
            else if (json.ValueTextEquals("occurredAt"u8)) _occurredAt = Text(ref json, "occurredAt");
            else if (json.ValueTextEquals("payload"u8)) _details = Details(ref json);
            else json.Skip();
        }

        public readonly ReceiveEventDto ToDto() => new()
        {
            EventId = _eventId,
            MerchantId = _merchantId,
            ShippingCompanyId = _shippingCompanyId,
            ShipmentId = _shipmentId,
            Type = _type,
            OccurredAt = _occurredAt,
            PayloadIsObject = _details is not null,
            Details = _details ?? EventDetails.None,
            OfAnotherType = _ofAnotherType,
        };

        private string? Text(ref Utf8JsonReader json, string name)
        {
            json.Read();
            if (json.TokenType == JsonTokenType.String) return JsonText.Read(ref json) ?? LoneSurrogate;
            json.Skip();
            AddOfAnotherType(name);
            return null;
        }

        private string? Details(ref Utf8JsonReader json)
        {
            json.Read();
            if (json.TokenType == JsonTokenType.StartObject) return EventDetails.Read(ref json, _body);
            json.Skip();
            AddOfAnotherType("payload");
            return null;
        }

        private void AddOfAnotherType(string name) => (_ofAnotherType ??= []).Add(name);
    }
}
