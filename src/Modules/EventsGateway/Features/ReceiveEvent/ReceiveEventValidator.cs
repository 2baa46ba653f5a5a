using FluentValidation;
using Gateway.EventsGateway.Events;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

internal sealed class ReceiveEventValidator : AbstractValidator<ReceiveEventCommand>
{
    public ReceiveEventValidator()
    {
        Field("eventId", command => command.Event.EventId, FieldRules.MistakeOfId);
        Field("merchantId", command => command.Event.MerchantId, FieldRules.MistakeOfId);
        Field("shippingCompanyId", command => command.Event.ShippingCompanyId, FieldRules.MistakeOfId);
        Field("shipmentId", command => command.Event.ShipmentId, FieldRules.MistakeOfId);
        Field("type", command => command.Event.Type, FieldRules.MistakeOfType);
        Field("occurredAt", command => command.Event.OccurredAt, FieldRules.MistakeOfTime);
        Field("payload", command => command.Event.PayloadIsObject, FieldRules.MistakeOfPayload);
    }

    private void Field<T>(string name, Func<ReceiveEventCommand, T> field, Func<T, string?> mistakeOf)
        => RuleFor(command => command).Custom((command, context) =>
        {
            var value = field(command);
            if (mistakeOf(value) is not { } mistake) return;
            var isMissing = value is null or false && command.Event.OfAnotherKind?.Contains(name) != true;
            context.AddFailure(name, $"{name} {(isMissing ? "is missing" : mistake)}");
        });
}
