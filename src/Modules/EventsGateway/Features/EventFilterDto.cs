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

    /// <summary>The x-request-id of the answer by which the event was accepted.</summary>
    public string? RequestId { get; init; }

    public string? ShipmentId { get; init; }

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

    /// <summary>true: only rows of the NestJS original that have no message yet.</summary>
    public string? Legacy { get; init; }

    internal EventFilter ToFilter() => new()
    {
        Status = EventStatusText.Parse(Status),
        EventId = EventId,
        RequestId = RequestId,
        ShipmentId = ShipmentId,
        MerchantId = MerchantId,
        ShippingCompanyId = ShippingCompanyId,
        Source = Source,
        Type = EventTypeText.Parse(Type),
        From = From is null ? null : IsoTime.Parse(From),
        To = To is null ? null : IsoTime.Parse(To),
        Outcome = Outcome,
        LastError = LastError,
        Legacy = Legacy == "true",
    };
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
