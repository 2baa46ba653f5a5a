using System.ComponentModel;
using System.Text.Json.Serialization;
using FluentValidation;
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

    /// <summary>The beginning of a key: the shipping company, a dot, and the beginning of the event id, escaped as in keys.</summary>
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

/// <summary>
/// The rules of a filter, for the validators of all requests with one. Errors name the parameter as it was sent.
/// </summary>
internal sealed class EventFilterRules : AbstractValidator<EventFilterDto>
{
    public EventFilterRules(string prefix = "")
    {
        Rule(prefix + "status", filter => filter.Status, text => EventStatusText.Parse(text) is not null, EventStatusText.All);
        Rule(prefix + "type", filter => filter.Type, text => EventTypeText.Parse(text) is not null, EventTypeText.All);
        Rule(prefix + "from", filter => filter.From, FieldRules.ValidateTime);
        Rule(prefix + "to", filter => filter.To, FieldRules.ValidateTime);
        Rule(prefix + "outcome", filter => filter.Outcome, EventOutcome.All.Contains, EventOutcome.OneOf);
        Rule(prefix + "lastError", filter => filter.LastError, text => text.Length > 0, "the text of an error");
        Rule(prefix + "errorText", filter => filter.ErrorText, text => text.Length > 0, "a part of an error");
        Rule(prefix + "eventIdPrefix", filter => filter.EventIdPrefix, text => text.Length > 0, "the beginning of an id");
        Rule(prefix + "shipmentIdPrefix", filter => filter.ShipmentIdPrefix, text => text.Length > 0, "the beginning of an id");
        Rule(prefix + "traceId", filter => filter.TraceId,
            text => text.Length == 32 && text.All(char.IsAsciiHexDigit), "32 hexadecimal digits");
        Rule(prefix + "keyPrefix", filter => filter.KeyPrefix, text => EventKey.TryParsePrefix(text, out _),
            "a shipping company, a dot and the beginning of an event id, escaped as in keys");
        RuleFor(filter => filter.KeyPrefix)
            .Must((filter, _) => (filter.ShippingCompanyId ?? filter.EventId ?? filter.EventIdPrefix) is null)
            .When(filter => filter.KeyPrefix is not null).OverridePropertyName(prefix + "keyPrefix")
            .WithMessage($"{prefix}keyPrefix must be given without shippingCompanyId, eventId and eventIdPrefix");
        Rule(prefix + "legacy", filter => filter.Legacy, text => text is "true" or "false", "true or false");
    }

    private void Rule(string name, Func<EventFilterDto, string?> field, Func<string, bool> isValid, string expected)
        => Rule(name, field, text => isValid(text) ? null : $"must be {expected}");

    private void Rule(string name, Func<EventFilterDto, string?> field, Func<string, string?> errorOf)
        => RuleFor(filter => filter).Custom((filter, context) =>
        {
            if (field(filter) is { } text && errorOf(text) is { } error) context.AddFailure(name, $"{name} {error}");
        });
}
