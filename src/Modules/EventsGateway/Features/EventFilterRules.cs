using FluentValidation;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Features;

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
