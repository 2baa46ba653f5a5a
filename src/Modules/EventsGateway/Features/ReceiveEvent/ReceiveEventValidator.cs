using FluentValidation;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Sources;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

internal sealed class ReceiveEventValidator : AbstractValidator<ReceiveEventCommand>
{
    public ReceiveEventValidator(CurrentSources sources)
    {
        Field("eventId", command => command.Event.EventId, FieldRules.ValidateId);
        Field("merchantId", command => command.Event.MerchantId, FieldRules.ValidateId);
        Field(
            "shippingCompanyId", command => command.Event.ShippingCompanyId,
            id => FieldRules.ValidateId(id) ?? ErrorOf(id!, sources.Table));
        Field("shipmentId", command => command.Event.ShipmentId, FieldRules.ValidateId);
        Field("type", command => command.Event.Type, FieldRules.ValidateType);
        Field("occurredAt", command => command.Event.OccurredAt, FieldRules.ValidateTime);
        Field("payload", command => command.Event.PayloadIsObject, FieldRules.ValidatePayload);
    }

    /// <summary>The keys of another source are made by its own requests: this sender's secret must not be valid for it.</summary>
    private static string? ErrorOf(string company, SourceTable sources)
        => company.StartsWith('~') || sources.ByName(company) is not null
            ? "is the name of another source of this gateway"
            : null;

    private void Field<T>(string name, Func<ReceiveEventCommand, T> field, Func<T, string?> errorOf)
        => RuleFor(command => command).Custom((command, context) =>
        {
            var value = field(command);
            if (errorOf(value) is not { } error) return;
            var isMissing = value is null or false && command.Event.OfAnotherType?.Contains(name) != true;
            context.AddFailure(name, $"{name} {(isMissing ? "is missing" : error)}");
        });
}
