using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Entities;

public sealed class ShipmentEntityTests
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 25, 12, 0, 0, 7, TimeSpan.Zero);

    [Fact]
    public void Position_is_sorted_by_time_then_rank_then_key()
        => ShipmentEntity.PositionOf(Event(EventType.Delivered)).ShouldBe("2026-02-25T12:00:00.007Z|3|dhl._c3_a9");

    [Fact]
    public void Ranks_follow_the_order_of_a_shipments_events()
        => new[] { EventType.Cancelled, EventType.Created, EventType.Delivered, EventType.Updated }
            .OrderBy(type => ShipmentEntity.PositionOf(Event(type)), StringComparer.Ordinal)
            .ShouldBe([EventType.Created, EventType.Updated, EventType.Delivered, EventType.Cancelled]);

    [Theory]
    [InlineData(EventType.Created, false)]
    [InlineData(EventType.Updated, false)]
    [InlineData(EventType.Delivered, true)]
    [InlineData(EventType.Cancelled, true)]
    public void Delivered_and_cancelled_end_a_shipment(object type, bool ends)
        => (ShipmentEntity.EndOf(Event((EventType)type)) is not null).ShouldBe(ends);

    [Fact]
    public void Every_event_is_after_the_end_of_a_shipment_without_a_known_end()
        => Shipment(ShipmentStatus.Completed, end: null).DecisionFor(Event(EventType.Updated))
            .ShouldBe(RoutingDecision.ShipmentEnded);

    [Theory]
    [InlineData(-1, RoutingDecision.Late)]
    [InlineData(0, RoutingDecision.Late)]
    [InlineData(1, RoutingDecision.ShipmentEnded)]
    public void Event_is_late_up_to_the_millisecond_of_the_end(int milliseconds, object decision)
    {
        var end = Event(EventType.Delivered) with { Key = new EventKey("dhl", "end") };
        var e = Event(EventType.Updated) with { OccurredAt = Noon.AddMilliseconds(milliseconds) };

        Shipment(ShipmentStatus.Completed, ShipmentEntity.PositionOf(end)).DecisionFor(e).ShouldBe((RoutingDecision)decision);
    }

    [Fact]
    public void Event_of_an_active_shipment_is_routed()
        => Shipment(ShipmentStatus.Active, end: null).DecisionFor(Event(EventType.Updated)).ShouldBe(RoutingDecision.Route);

    private static ShipmentEntity Shipment(ShipmentStatus status, string? end)
        => new() { ShipmentId = "s-1", MerchantId = "m-1", Status = status, LastEventAt = Noon, End = end };

    private static EventEntity Event(EventType type) => new()
    {
        Key = new EventKey("dhl", "é"), MerchantId = "m-1", ShipmentId = "s-1", Type = type, OccurredAt = Noon, ReceivedAt = Noon,
    };
}
