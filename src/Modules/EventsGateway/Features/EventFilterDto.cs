using System.ComponentModel;
using System.Text.Json.Serialization;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Features;

/// <summary>A filter of events. All given members must match.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record EventFilterDto
{
    [Description(EventStatusText.All)]
    public string? Status { get; init; }

    /// <summary>The id that the sender gave the event; ids of different shipping companies may be equal.</summary>
    public string? EventId { get; init; }

    public string? EventIdPrefix { get; init; }

    /// <summary>The beginning of a key: shipping company, dot and the beginning of the event id, escaped as in keys.</summary>
    public string? KeyPrefix { get; init; }

    /// <summary>The x-request-id of the answer by which the event was accepted.</summary>
    public string? RequestId { get; init; }

    /// <summary>32 hexadecimal digits.</summary>
    public string? TraceId { get; init; }

    /// <summary>The exact route id that the routing service answered.</summary>
    public string? RouteId { get; init; }

    public string? ShipmentId { get; init; }

    public string? ShipmentIdPrefix { get; init; }

    public string? MerchantId { get; init; }

    public string? ShippingCompanyId { get; init; }

    /// <summary>The name of a source; <c>gateway</c> is the built-in one.</summary>
    public string? Source { get; init; }

    /// <summary>SHIPMENT_CREATED, SHIPMENT_UPDATED, SHIPMENT_DELIVERED or SHIPMENT_CANCELLED.</summary>
    public string? Type { get; init; }

    /// <summary>ISO 8601; receivedAt at or after this time.</summary>
    public string? From { get; init; }

    /// <summary>ISO 8601; receivedAt before this time.</summary>
    public string? To { get; init; }

    [Description(EventOutcome.OneOf)]
    public string? Outcome { get; init; }

    /// <summary>The exact last error of failed or dismissed events.</summary>
    public string? LastError { get; init; }

    /// <summary>A part of the last error; A-Z match a-z. Of failed events, unless a status is given.</summary>
    public string? ErrorText { get; init; }

    /// <summary>true: only rows of the NestJS original that have no message yet.</summary>
    public string? Legacy { get; init; }

    internal EventFilter ToFilter() => new()
    {
        Status = EventStatusText.Parse(Status) ?? (ErrorText is null ? null : EventStatus.Failed),
        EventId = EventId,
        EventIdPrefix = Key?.EventId ?? EventIdPrefix,
        RequestId = RequestId,
        TraceId = TraceId?.ToLowerInvariant(),
        RouteId = RouteId,
        ShipmentId = ShipmentId,
        ShipmentIdPrefix = ShipmentIdPrefix,
        MerchantId = MerchantId,
        ShippingCompanyId = Key?.ShippingCompanyId ?? ShippingCompanyId,
        Source = Source,
        Type = EventTypeText.Parse(Type),
        From = From is null ? null : IsoTime.Parse(From),
        To = To is null ? null : IsoTime.Parse(To),
        Outcome = Outcome,
        LastError = LastError,
        ErrorText = ErrorText,
        Legacy = Legacy == "true",
    };

    private EventKey? Key => KeyPrefix is not null && EventKey.TryParsePrefix(KeyPrefix, out var key) ? key : null;
}
