using System.Text.Json;
using System.Text.Unicode;
using FluentValidation;
using FluentValidation.Results;
using Gateway.EventsGateway.Routing;
using Gateway.Shared.Errors;
using Gateway.Shared.Json;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>
/// What a courier posts. Read straight from the signed bytes, because those are what is stored: only the fields that
/// the gateway itself needs are decoded. A text field that is missing or no JSON string is null here.
/// </summary>
public sealed record ReceiveEventDto
{
    /// <summary>What is blamed where no field can be.</summary>
    internal const string Body = "body";

    private static readonly JsonReaderOptions Json = new() { MaxDepth = EventMapper.MaxDepth };

    /// <summary>The courier's id of this notification: 1-256 characters, at most 512 UTF-8 bytes.</summary>
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

    /// <summary>Fields that came as something else than they should be, and are not missing; null where none did.</summary>
    internal IReadOnlyCollection<string>? OfAnotherKind { get; init; }

    /// <summary>Unknown members are skipped, of repeated ones the last counts (RFC 8259 section 4 leaves it open).</summary>
    internal static ReceiveEventDto Parse(ReadOnlySpan<byte> body)
    {
        body = EventMapper.WithoutBom(body);
        if (!Utf8.IsValid(body)) throw Malformed("The body is not valid UTF-8");
        try
        {
            return Read(body);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a member name with half of a surrogate pair in an escape.
            throw Malformed("The body is not valid JSON");
        }
    }

    private static ReceiveEventDto Read(ReadOnlySpan<byte> body)
    {
        var json = new Utf8JsonReader(body, Json);
        json.Read();
        var dto = new Fields();
        if (json.TokenType == JsonTokenType.StartObject)
        {
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName) dto.ReadMember(ref json);
        }
        else if (!json.TrySkip())
        {
            throw new JsonException();
        }

        var isObject = json.TokenType == JsonTokenType.EndObject;
        if (json.Read()) throw new JsonException();
        return isObject ? dto.ToDto() : throw new ValidationException([new ValidationFailure(Body, $"{Body} must be a JSON object")]);
    }

    private static RequestRejectedException Malformed(string message) => new(StatusCodes.Status400BadRequest, message);

    private ref struct Fields
    {
        // Not text: the validator rejects it as such.
        private const string LoneSurrogate = "\ud800";

        private string? _eventId, _merchantId, _shippingCompanyId, _shipmentId, _type, _occurredAt;
        private bool _payloadIsObject;
        private List<string>? _ofAnotherKind;

        public void ReadMember(ref Utf8JsonReader json)
        {
            if (json.ValueTextEquals("eventId"u8)) _eventId = Text(ref json, "eventId");
            else if (json.ValueTextEquals("merchantId"u8)) _merchantId = Text(ref json, "merchantId");
            else if (json.ValueTextEquals("shippingCompanyId"u8)) _shippingCompanyId = Text(ref json, "shippingCompanyId");
            else if (json.ValueTextEquals("shipmentId"u8)) _shipmentId = Text(ref json, "shipmentId");
            else if (json.ValueTextEquals("type"u8)) _type = Text(ref json, "type");
            else if (json.ValueTextEquals("occurredAt"u8)) _occurredAt = Text(ref json, "occurredAt");
            else if (json.ValueTextEquals("payload"u8)) _payloadIsObject = SkipsObject(ref json) || Blame("payload");
            else SkipsObject(ref json);
        }

        public readonly ReceiveEventDto ToDto() => new()
        {
            EventId = _eventId,
            MerchantId = _merchantId,
            ShippingCompanyId = _shippingCompanyId,
            ShipmentId = _shipmentId,
            Type = _type,
            OccurredAt = _occurredAt,
            PayloadIsObject = _payloadIsObject,
            OfAnotherKind = _ofAnotherKind,
        };

        private string? Text(ref Utf8JsonReader json, string name)
        {
            json.Read();
            if (json.TokenType == JsonTokenType.String) return JsonText.Read(ref json) ?? LoneSurrogate;
            json.Skip();
            Blame(name);
            return null;
        }

        private bool Blame(string name)
        {
            (_ofAnotherKind ??= []).Add(name);
            return false;
        }

        private static bool SkipsObject(ref Utf8JsonReader json)
        {
            json.Read();
            var isObject = json.TokenType == JsonTokenType.StartObject;
            json.Skip();
            return isObject;
        }
    }
}
