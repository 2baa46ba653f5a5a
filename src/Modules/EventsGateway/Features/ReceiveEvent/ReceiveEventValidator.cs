using FluentValidation;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

internal sealed class ReceiveEventValidator : AbstractValidator<ReceiveEventCommand>
{
    public ReceiveEventValidator()
    {
        Field("eventId", command => command.Event.EventId, FieldRules.ValidateId);
        Field("merchantId", command => command.Event.MerchantId, FieldRules.ValidateId);
        Field("shippingCompanyId", command => command.Event.ShippingCompanyId, FieldRules.ValidateId);
        Field("shipmentId", command => command.Event.ShipmentId, FieldRules.ValidateId);
        Field("type", command => command.Event.Type, FieldRules.ValidateType);
        Field("occurredAt", command => command.Event.OccurredAt, FieldRules.ValidateTime);
        Field("payload", command => command.Event.PayloadIsObject, FieldRules.ValidatePayload);
    }

    private void Field<T>(string name, Func<ReceiveEventCommand, T> field, Func<T, string?> errorOf)
        => RuleFor(command => command).Custom((command, context) =>
        {
            var value = field(command);
            if (errorOf(value) is not { } error) return;
            var isMissing = value is null or false && command.Event.OfAnotherType?.Contains(name) != true;
            context.AddFailure(name, $"{name} {(isMissing ? "is missing" : error)}");
        });
}
