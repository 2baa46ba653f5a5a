using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Entities;

public sealed class ShipmentEntityTests
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 25, 12, 0, 0, 7, TimeSpan.Zero);
    private static readonly TimeSpan NewCycleAfter = TimeSpan.FromDays(60);

    [Fact]
    public void Position_is_sorted_by_time_then_rank_then_key()
        => ShipmentEntity.PositionOf(Event(EventType.Delivered)).ShouldBe("2026-02-25T12:00:00.007Z|3|dhl._c3_a9");

    [Fact]
    public void Position_has_the_effective_time()
        => ShipmentEntity.PositionOf(Event(EventType.Delivered) with { EffectiveAt = Noon.AddDays(1) })
            .ShouldStartWith("2026-02-26T12:00:00.007Z|");

    [Fact]
    public void Ranks_follow_the_order_of_a_shipments_events()
        => new[] { EventType.Cancelled, EventType.Created, EventType.Delivered, EventType.Updated }
            .OrderBy(type => ShipmentEntity.PositionOf(Event(type)), StringComparer.Ordinal)
            .ShouldBe([EventType.Created, EventType.Updated, EventType.Delivered, EventType.Cancelled]);

    [Theory]
    [InlineData(EventType.Created, "ACTIVE", false)]
    [InlineData(EventType.Updated, "ACTIVE", false)]
    [InlineData(EventType.Delivered, "COMPLETED", true)]
    [InlineData(EventType.Cancelled, "CANCELLED", true)]
    public void Delivered_and_cancelled_end_a_shipment(object type, string status, bool ends)
    {
        var e = Event((EventType)type);

        var shipment = ShipmentEntity.Of(e);

        (shipment.Status, shipment.End is not null, shipment.EndReceivedAt is not null).ShouldBe((status, ends, ends));
        shipment.EndedBy.ShouldBe(ends ? e.Key : null);
    }

    [Fact]
    public void End_is_the_earliest_one_by_time_and_its_receipt_the_earliest_one_by_arrival()
    {
        var later = Event(EventType.Delivered, occurred: 10, received: 20);
        var earlier = Event(EventType.Cancelled, occurred: 5, received: 30);

        foreach (var order in new[] { new[] { later, earlier }, [earlier, later], [later, earlier, later] })
        {
            var shipment = After(order);
            (shipment.Status, shipment.End, shipment.EndReceivedAt, shipment.LastEventAt).ShouldBe(
                (ShipmentStatus.Cancelled, ShipmentEntity.PositionOf(earlier), later.ReceivedAt, later.EffectiveAt));
        }
    }

    [Fact]
    public void Status_that_is_not_known_is_kept_with_all_else()
    {
        var held = ShipmentEntity.Of(Event(EventType.Created)) with { Status = "ON_HOLD" };

        held.After(Event(EventType.Delivered, received: 5), NewCycleAfter).ShouldBe(held);
    }

    [Theory]
    [InlineData(60, 60, false)]
    [InlineData(61, 61, true)]
    [InlineData(61, 0, false)]
    public void Event_long_after_the_end_begins_a_new_cycle(int receivedDays, int occurredDays, bool begins)
    {
        var ended = After(Event(EventType.Delivered));
        var e = Event(EventType.Created, 1440 * occurredDays, 1440 * receivedDays) with { MerchantId = "m-2" };

        var shipment = ended.After(e, NewCycleAfter);

        shipment.Cycle.ShouldBe(begins ? 2 : 1);
        if (!begins) return;
        shipment.ShouldBe(ShipmentEntity.Of(e) with { Cycle = 2, Since = Noon.AddDays(60) });
        shipment.After(e, NewCycleAfter).ShouldBe(shipment);
    }

    [Fact]
    public void Event_of_an_earlier_cycle_changes_nothing()
    {
        var reopened = After(Event(EventType.Delivered)).Reopened(Noon.AddMinutes(1));

        (reopened.Status, reopened.End, reopened.LastEventAt, reopened.Cycle).ShouldBe((ShipmentStatus.Active, null, null, 2));
        reopened.After(Event(EventType.Cancelled, received: 1), NewCycleAfter).ShouldBe(reopened);
        reopened.After(Event(EventType.Cancelled, received: 2), NewCycleAfter).Status.ShouldBe(ShipmentStatus.Cancelled);
    }

    [Fact]
    public void Shipment_that_the_original_ended_gets_no_end_and_can_begin_a_new_cycle()
    {
        var ended = ShipmentEntity.Of(Event(EventType.Created)) with { Status = ShipmentStatus.Completed, EndReceivedAt = Noon };

        ended.After(Event(EventType.Cancelled, received: 1), NewCycleAfter).End.ShouldBeNull();
        ended.After(Event(EventType.Created, received: 1440 * 61), NewCycleAfter).Cycle.ShouldBe(2);
    }

    private static ShipmentEntity After(params EventEntity[] events)
        => events.Skip(1).Aggregate(ShipmentEntity.Of(events[0]), (shipment, e) => shipment.After(e, NewCycleAfter));

    private static EventEntity Event(EventType type, int occurred = 0, int received = 0) => new()
    {
        Key = new EventKey("dhl", "é"), MerchantId = "m-1", ShipmentId = "s-1", Type = type,
        OccurredAt = Noon.AddMinutes(occurred), ReceivedAt = Noon.AddMinutes(received),
    };
}
