using Gateway.EventsGateway.Features.ReceiveEvent;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent;

public sealed class ReceiveEventValidatorTests
{
    private static readonly ReceiveEventDto Fine = new()
    {
        EventId = "e-1", MerchantId = "m-1", ShippingCompanyId = "dhl", ShipmentId = "s-1",
        Type = "SHIPMENT_CREATED", OccurredAt = "2026-02-25T14:30:00Z", PayloadIsObject = true,
    };

    [Fact]
    public void A_whole_webhook_has_no_mistakes() => ErrorsOf(Fine).ShouldBeEmpty();

    [Fact]
    public void S8_every_bad_field_is_named_at_once()
    {
        var mistakes = ErrorsOf(new ReceiveEventDto());

        mistakes.Keys.ShouldBe(
            ["eventId", "merchantId", "shippingCompanyId", "shipmentId", "type", "occurredAt", "payload"], ignoreOrder: true);
        foreach (var (field, message) in mistakes) message.ShouldBe($"{field} is missing");
    }

    [Theory]
    [InlineData("eventId")]
    [InlineData("merchantId")]
    [InlineData("shippingCompanyId")]
    [InlineData("shipmentId")]
    public void Each_id_is_checked_and_named(string field)
    {
        var mistakes = ErrorsOf(field switch
        {
            "eventId" => Fine with { EventId = " " },
            "merchantId" => Fine with { MerchantId = " " },
            "shippingCompanyId" => Fine with { ShippingCompanyId = " " },
            _ => Fine with { ShipmentId = " " },
        });

        mistakes.ShouldHaveSingleItem();
        mistakes[field].ShouldBe($"{field} must not be blank");
    }

    [Theory]
    [InlineData("shipment_created")]
    [InlineData("SHIPMENT_LOST")]
    [InlineData("")]
    public void A_type_of_another_name_is_named_with_the_ones_there_are(string type)
        => ErrorsOf(Fine with { Type = type }).ShouldHaveSingleItem().Value.ShouldBe(
            "type must be SHIPMENT_CREATED, SHIPMENT_UPDATED, SHIPMENT_DELIVERED or SHIPMENT_CANCELLED");

    [Theory]
    [InlineData("2026-02-30", "occurredAt names a day that does not exist")]
    [InlineData("2025-366", "occurredAt names a day that does not exist")]
    [InlineData("2026", "occurredAt must be an ISO 8601 date or date-time, such as 2026-02-25T14:30:00Z")]
    [InlineData("yesterday", "occurredAt must be an ISO 8601 date or date-time, such as 2026-02-25T14:30:00Z")]
    public void S5_a_date_that_is_no_moment_is_named(string occurredAt, string mistake)
        => ErrorsOf(Fine with { OccurredAt = occurredAt }).ShouldHaveSingleItem().Value.ShouldBe(mistake);

    [Fact]
    public void A_payload_that_is_no_object_is_named()
        => ErrorsOf(Fine with { PayloadIsObject = false, OfAnotherKind = ["payload"] }).ShouldHaveSingleItem().Value.ShouldBe("payload must be an object");

    private static Dictionary<string, string> ErrorsOf(ReceiveEventDto dto)
        => new ReceiveEventValidator().Validate(new ReceiveEventCommand(dto, default, new HeaderDictionary()))
            .Errors.ToDictionary(error => error.PropertyName, error => error.ErrorMessage);
}
