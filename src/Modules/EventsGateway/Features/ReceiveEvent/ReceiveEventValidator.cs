using System.Text;
using FluentValidation;
using Gateway.EventsGateway.Events;
using Gateway.Shared;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

internal sealed class ReceiveEventValidator : AbstractValidator<ReceiveEventCommand>
{
    public const int MaxIdCharacters = 256;
    public const int MaxIdBytes = 512;

    public ReceiveEventValidator()
    {
        Id("eventId", command => command.Event.EventId);
        Id("merchantId", command => command.Event.MerchantId);
        Id("shippingCompanyId", command => command.Event.ShippingCompanyId);
        Id("shipmentId", command => command.Event.ShipmentId);
        Field("type", command => command.Event.Type, text => EventTypeText.Parse(text) is null ? $"must be {EventTypeText.All}" : null);
        Field("occurredAt", command => command.Event.OccurredAt, MistakeOfTime);
        Field("payload", command => command.Event.PayloadIsObject, isObject => isObject ? null : "must be an object");
    }

    /// <summary>What is wrong with an id, or null. A character is a Unicode code point, as in JSON Schema's maxLength.</summary>
    internal static string? MistakeOfId(string? id)
    {
        if (id is null) return "must be a string";
        if (string.IsNullOrWhiteSpace(id)) return "must not be blank";
        var characters = 0;
        for (var rest = id.AsSpan(); !rest.IsEmpty; characters++)
        {
            if (Rune.DecodeFromUtf16(rest, out var rune, out var length) != System.Buffers.OperationStatus.Done)
                return "must not contain lone surrogates";
            if (Rune.IsControl(rune)) return "must not contain control characters";
            rest = rest[length..];
        }

        return characters > MaxIdCharacters || Encoding.UTF8.GetByteCount(id) > MaxIdBytes
            ? $"must have at most {MaxIdCharacters} characters and {MaxIdBytes} UTF-8 bytes"
            : null;
    }

    private static string? MistakeOfTime(string? text) => text switch
    {
        null => "must be a string",
        _ when IsoTime.Parse(text) is null => "must be an ISO 8601 date or date-time",
        _ => null,
    };

    private void Id(string name, Func<ReceiveEventCommand, string?> field) => Field(name, field, MistakeOfId);

    private void Field<T>(string name, Func<ReceiveEventCommand, T> field, Func<T, string?> mistakeOf)
        => RuleFor(command => command).Custom((command, context) =>
        {
            if (mistakeOf(field(command)) is { } mistake) context.AddFailure(name, $"{name} {mistake}");
        });
}
