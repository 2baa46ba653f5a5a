using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ProcessEvent;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent;

/// <summary>The end occurred at noon and was received at noon; each event differs from it in minutes.</summary>
public sealed class RoutingDecisionPolicyTests
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 25, 12, 0, 0, TimeSpan.Zero);
    private static readonly EventEntity End = Event(EventType.Delivered, 0, 0) with { Key = new EventKey("dhl", "end") };
    private static readonly ShipmentEntity Ended = ShipmentEntity.Of(End);

    [Theory]
    [InlineData(-1, 0, RoutingDecision.Route)]
    [InlineData(1, 0, RoutingDecision.Route)]
    [InlineData(-1, 1, RoutingDecision.Late)]
    [InlineData(0, 1, RoutingDecision.Late)]
    [InlineData(1, 1, RoutingDecision.ShipmentEnded)]
    public void Arrival_before_the_end_is_routed_and_after_it_the_time_decides(int occurred, int received, object decision)
        => Decide(Event(EventType.Updated, occurred, received)).ShouldBe((RoutingDecision)decision);

    [Fact]
    public void End_itself_is_routed()
        => Decide(End with { ReceivedAt = Noon.AddMinutes(3) }).ShouldBe(RoutingDecision.Route);

    [Fact]
    public void Event_of_an_open_shipment_is_routed()
        => Decide(Event(EventType.Updated, 1, 1), ShipmentEntity.Of(Event(EventType.Created, 0, 0)))
            .ShouldBe(RoutingDecision.Route);

    [Theory]
    [InlineData(60, RoutingDecision.Route)]
    [InlineData(61, RoutingDecision.ShipmentEnded)]
    public void Clocks_of_ingest_may_differ_by_the_tolerance(int seconds, object decision)
        => Decide(
            Event(EventType.Updated, 5, 0) with { ReceivedAt = Noon.AddSeconds(seconds) },
            options: new ProcessingOptions { ArrivalTolerance = TimeSpan.FromMinutes(1) }).ShouldBe((RoutingDecision)decision);

    [Fact]
    public void Status_that_is_not_known_ends_a_shipment_even_before_its_end_was_received()
        => Decide(Event(EventType.Updated, -1, -1), Ended with { Status = "ON_HOLD" }).ShouldBe(RoutingDecision.ShipmentEnded);

    [Fact]
    public void Event_of_an_earlier_cycle_is_routed_whatever_the_status_is()
        => Decide(Event(EventType.Updated, 5, 5), Ended with { Status = "ON_HOLD", Since = Noon.AddMinutes(5) })
            .ShouldBe(RoutingDecision.Route);

    [Theory]
    [InlineData(23, RoutingDecision.Route)]
    [InlineData(25, RoutingDecision.Late)]
    public void Event_of_the_original_queue_is_routed_while_the_end_is_young(int hours, object decision)
        => Decide(Event(EventType.Updated, -1, 60 * hours) with { Headers = AcceptedEvent.FromNest })
            .ShouldBe((RoutingDecision)decision);

    [Theory]
    [InlineData(AfterEnd.Fail, RoutingDecision.ShipmentEnded)]
    [InlineData(AfterEnd.Settle, RoutingDecision.Late)]
    [InlineData(AfterEnd.Route, RoutingDecision.Route)]
    public void Setting_decides_on_what_occurred_and_arrived_after_the_end(AfterEnd afterEnd, object decision)
        => Decide(Event(EventType.Updated, 1, 1), options: new ProcessingOptions { AfterEnd = afterEnd })
            .ShouldBe((RoutingDecision)decision);

    [Theory]
    [InlineData(AfterEnd.Fail, RoutingDecision.ShipmentEnded)]
    [InlineData(AfterEnd.Settle, RoutingDecision.Late)]
    [InlineData(AfterEnd.Route, RoutingDecision.Route)]
    public void Rule_of_the_event_comes_before_the_setting(AfterEnd afterEnd, object decision)
    {
        var e = Event(EventType.Updated, 1, 1) with { AfterEnd = afterEnd };

        foreach (var setting in Enum.GetValues<AfterEnd>())
            Decide(e, options: new ProcessingOptions { AfterEnd = setting }).ShouldBe((RoutingDecision)decision, $"{setting}");
    }

    [Fact]
    public void Shipment_that_the_original_ended_has_ended_before_every_time()
        => Decide(Event(EventType.Updated, -99, 1), Ended with { End = null }).ShouldBe(RoutingDecision.ShipmentEnded);

    [Fact]
    public void Effective_time_decides_not_the_time_as_sent()
        => Decide(Event(EventType.Updated, 99, 1) with { EffectiveAt = Noon }).ShouldBe(RoutingDecision.Late);

    private static RoutingDecision Decide(EventEntity e, ShipmentEntity? shipment = null, ProcessingOptions? options = null)
        => new RoutingDecisionPolicy(Options.Create(options ?? new ProcessingOptions())).DecisionFor(e, shipment ?? Ended);

    private static EventEntity Event(EventType type, int occurred, int received) => new()
    {
        Key = new EventKey("dhl", "1"), MerchantId = "m-1", ShipmentId = "sh-1", Type = type,
        OccurredAt = Noon.AddMinutes(occurred), ReceivedAt = Noon.AddMinutes(received),
    };
}
