using System.Text;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ReceiveEvent;
using Gateway.EventsGateway.Routing;

namespace Gateway.EventsGateway.Tests.Routing;

/// <summary>The request of contract 4.9.</summary>
public sealed class EventMapperTests
{
    [Fact]
    public void Request_has_the_members_of_the_original_in_its_order()
        => Mapped("""{"payload":{"weight":1.5,"destination":"Berlin","origin":"Cairo","other":1}}""").ShouldBe(
            """{"eventId":"e-1","shipmentId":"s-1","merchantId":"m-1","shippingCompanyId":"d""" +
            """hl","origin":"Cairo","destination":"Berlin","weight":1.5,"eventType":"SHIPMENT_UPDATED"}""");

    [Fact]
    public void Member_that_the_payload_does_not_have_is_left_out()
    {
        const string bare =
            """{"eventId":"e-1","shipmentId":"s-1","merchantId":"m-1","shippingCompanyId":"dhl","eventType":"SHIPMENT_""" +
            """UPDATED"}""";

        Mapped("""{"payload":{}}""").ShouldBe(bare);
        Mapped("""{"origin":"not in the payload"}""").ShouldBe(bare);
        Mapped("""{"payload":{"deeper":{"origin":"Cairo"}}}""").ShouldBe(bare);
    }

    [Theory]
    [Trait("Defect", "S6")]
    [InlineData("12345678901234567890")]
    [InlineData("1.0")]
    [InlineData("1E400")]
    [InlineData("0.1000000000000000055511151231257827")]
    [InlineData("null")]
    [InlineData("[1, 2]")]
    [InlineData("{\"kg\" : 1.50}")]
    [InlineData("\"\\u00e9\\/\"")]
    [InlineData("\"\\ud800\"")]
    public void Value_is_copied_as_it_is_in_the_signed_body(string weight)
        => Mapped($$$"""{"payload": {"weight" : {{{weight}}} } }""").ShouldContain($"\"weight\":{weight},");

    [Theory]
    [InlineData("""{"payload":{"origin":"first"},"payload":{"origin":"last"}}""")]
    [InlineData("""{"payload":{"origin":"first","origin":"last"}}""")]
    [InlineData("""{"payload":{"\u006frigin":"last"}}""")]
    [InlineData("\uFEFF{\"payload\":{\"origin\":\"last\"}}")]
    public void Last_member_of_a_name_counts_as_in_the_original(string body)
        => JsonDocument.Parse(Mapped(body)).RootElement.GetProperty("origin").GetString().ShouldBe("last");

    [Fact]
    public void Last_payload_counts_even_without_the_members_of_the_first()
        => Mapped("""{"payload":{"origin":"first"},"payload":{}}""").ShouldNotContain("origin");

    [Theory]
    [Trait("Defect", "B16")]
    [InlineData("""{"payload":{"\ud800":1,"origin":"Cairo"}}""")]
    [InlineData("""{"payload":{"constructor":1,"__proto__":2,"origin":"Cairo"}}""")]
    public void Unusual_member_name_does_not_hide_the_others(string body) => Mapped(body).ShouldContain("\"origin\":\"Cairo\"");

    [Fact]
    public void Ids_are_written_as_json_strings()
    {
        var e = Event("""{"payload":{}}""") with { Key = new EventKey("d\"hl", "événement-☃"), MerchantId = "a\\b" };

        using var request = JsonDocument.Parse(EventMapper.ToRoutingRequest(e));

        request.RootElement.GetProperty("shippingCompanyId").GetString().ShouldBe("d\"hl");
        request.RootElement.GetProperty("eventId").GetString().ShouldBe("événement-☃");
        request.RootElement.GetProperty("merchantId").GetString().ShouldBe("a\\b");
    }

    private static string Mapped(string body) => Encoding.UTF8.GetString(EventMapper.ToRoutingRequest(Event(body)).Span);

    private static EventEntity Event(string body)
    {
        ReceiveEventDto.TryParse(Encoding.UTF8.GetBytes(body), out var sent, out _).ShouldBeTrue();
        BuiltInBody.DetailsOf(Encoding.UTF8.GetBytes(body)).ShouldBe(sent!.Details, "rows of an earlier version");
        return Event(sent);
    }

    private static EventEntity Event(ReceiveEventDto sent) => new()
    {
        Key = new EventKey("dhl", "e-1"),
        MerchantId = "m-1",
        ShipmentId = "s-1",
        Type = EventType.Updated,
        OccurredAt = DateTimeOffset.UnixEpoch,
        ReceivedAt = DateTimeOffset.UnixEpoch,
        Details = sent.Details,
    };
}
