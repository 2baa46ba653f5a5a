using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Entities;

public sealed class WireTextTests
{
    [Fact]
    public void Every_type_has_a_text_that_leads_back_to_it()
    {
        foreach (var type in Enum.GetValues<EventType>().Except([EventType.Unknown]))
        {
            EventTypeText.Parse(type.Text()).ShouldBe(type);
            EventTypeText.All.ShouldContain(type.Text());
        }
    }

    [Fact]
    public void Every_status_has_a_text_that_leads_back_to_it()
    {
        foreach (var status in Enum.GetValues<EventStatus>())
        {
            EventStatusText.Parse(status.Text()).ShouldBe(status);
            EventStatusText.All.ShouldContain(status.Text());
        }
    }

    [Fact]
    public void Every_rule_for_events_after_the_end_has_a_text_that_leads_back_to_it()
        => Enum.GetValues<AfterEnd>().ShouldAllBe(rule => AfterEndText.Parse(rule.Text()) == rule);

    [Fact]
    public void Texts_are_those_of_the_original()
    {
        Enum.GetValues<EventType>().Except([EventType.Unknown]).Select(type => type.Text())
            .ShouldBe(["SHIPMENT_CREATED", "SHIPMENT_UPDATED", "SHIPMENT_DELIVERED", "SHIPMENT_CANCELLED"]);
        Enum.GetValues<EventStatus>().Except([EventStatus.Dismissed]).Select(status => status.Text())
            .ShouldBe(["pending", "processed", "failed"]);
        new[] { ShipmentStatus.Active, ShipmentStatus.Completed, ShipmentStatus.Cancelled }
            .ShouldBe(["ACTIVE", "COMPLETED", "CANCELLED"]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("shipment_created")]
    [InlineData("SHIPMENT_CREATED ")]
    [InlineData("Created")]
    [InlineData("1")]
    [InlineData("PENDING")]
    [InlineData("active")]
    public void Any_other_text_is_not_parsed(string? text)
    {
        EventTypeText.Parse(text).ShouldBeNull();
        EventStatusText.Parse(text).ShouldBeNull();
        ShipmentStatus.IsKnown(text ?? "").ShouldBeFalse();
    }
}
