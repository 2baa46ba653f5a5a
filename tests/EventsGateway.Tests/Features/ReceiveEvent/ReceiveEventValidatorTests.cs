using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.EventsGateway.Sources;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent;

public sealed class ReceiveEventValidatorTests
{
    private static readonly ReceiveEventDto Valid = new()
    {
        EventId = "e-1", MerchantId = "m-1", ShippingCompanyId = "dhl", ShipmentId = "s-1",
        Type = "SHIPMENT_CREATED", OccurredAt = "2026-02-25T14:30:00Z", PayloadIsObject = true,
    };

    [Fact]
    public void Valid_webhook_has_no_errors() => ErrorsOf(Valid).ShouldBeEmpty();

    [Fact]
    [Trait("Defect", "S8")]
    public void All_invalid_fields_are_reported_together()
    {
        var errors = ErrorsOf(new ReceiveEventDto());

        errors.Keys.ShouldBe(
            ["eventId", "merchantId", "shippingCompanyId", "shipmentId", "type", "occurredAt", "payload"], ignoreOrder: true);
        foreach (var (field, message) in errors) message.ShouldBe($"{field} is missing");
    }

    [Theory]
    [InlineData("eventId")]
    [InlineData("merchantId")]
    [InlineData("shippingCompanyId")]
    [InlineData("shipmentId")]
    public void Each_id_is_validated_under_its_name(string field)
    {
        var errors = ErrorsOf(field switch
        {
            "eventId" => Valid with { EventId = " " },
            "merchantId" => Valid with { MerchantId = " " },
            "shippingCompanyId" => Valid with { ShippingCompanyId = " " },
            _ => Valid with { ShipmentId = " " },
        });

        errors.ShouldHaveSingleItem();
        errors[field].ShouldBe($"{field} must not be blank");
    }

    [Theory]
    [InlineData("shipment_created")]
    [InlineData("SHIPMENT_LOST")]
    [InlineData("")]
    public void Unknown_type_is_rejected_with_the_known_types(string type)
        => ErrorsOf(Valid with { Type = type }).ShouldHaveSingleItem().Value.ShouldBe(
            "type must be SHIPMENT_CREATED, SHIPMENT_UPDATED, SHIPMENT_DELIVERED or SHIPMENT_CANCELLED");

    [Theory]
    [InlineData("2026-02-30", "occurredAt names a day that does not exist")]
    [InlineData("2025-366", "occurredAt names a day that does not exist")]
    [InlineData("2026", "occurredAt must be an ISO 8601 date or date-time, such as 2026-02-25T14:30:00Z")]
    [InlineData("yesterday", "occurredAt must be an ISO 8601 date or date-time, such as 2026-02-25T14:30:00Z")]
    [Trait("Defect", "S5")]
    public void Invalid_occurredAt_is_rejected(string occurredAt, string error)
        => ErrorsOf(Valid with { OccurredAt = occurredAt }).ShouldHaveSingleItem().Value.ShouldBe(error);

    [Fact]
    public void Payload_that_is_not_an_object_is_rejected()
        => ErrorsOf(Valid with { PayloadIsObject = false, OfAnotherType = ["payload"] })
            .ShouldHaveSingleItem().Value.ShouldBe("payload must be an object");

    private static Dictionary<string, string> ErrorsOf(ReceiveEventDto dto)
        => new ReceiveEventValidator(new CurrentSources(SourceTable.Empty))
            .Validate(new ReceiveEventCommand(dto, default, new HeaderDictionary()))
            .Errors.ToDictionary(failure => failure.PropertyName, failure => failure.ErrorMessage);
}
