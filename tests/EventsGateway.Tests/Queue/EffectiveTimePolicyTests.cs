using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Tests.Queue;

public sealed class EffectiveTimePolicyTests
{
    private static readonly DateTimeOffset Received = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private int _implausible;

    [Theory]
    [InlineData(EventType.Updated, "2026-02-28", "2026-02-28T00:00:00.000Z")]
    [InlineData(EventType.Created, "2026-03-01T10:00Z", "2026-03-01T10:00:00.000Z")]
    [InlineData(EventType.Delivered, "2026-02-28", "2026-02-28T23:59:59.999Z")]
    [InlineData(EventType.Cancelled, "2026-03-01T10:00Z", "2026-03-01T10:00:59.999Z")]
    [InlineData(EventType.Delivered, "2026-03-01T10:00:00Z", "2026-03-01T10:00:00.999Z")]
    [InlineData(EventType.Delivered, "2026-03-01T10:00:00.120Z", "2026-03-01T10:00:00.120Z")]
    public void End_has_the_last_millisecond_of_its_precision(object type, string occurredAt, string effective)
        => Apply((EventType)type, occurredAt).ShouldBe((effective, false));

    [Theory]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("2126-03-01T12:00:00Z")]
    [InlineData("2026-03-02T12:00:00.001Z")]
    [InlineData("2025-01-25T11:59:59.999Z")]
    public void Time_that_cannot_be_true_is_replaced_by_the_receipt_and_counted(string occurredAt)
    {
        Apply(EventType.Delivered, occurredAt).ShouldBe((IsoTime.Text(Received), true));
        Apply(EventType.Created, occurredAt).ShouldBe((IsoTime.Text(Received), true));

        _implausible.ShouldBe(2);
    }

    [Theory]
    [InlineData("2026-03-02T12:00:00.000Z")]
    [InlineData("2025-01-25T12:00:00.000Z")]
    public void Time_at_a_limit_is_true(string occurredAt)
        => Apply(EventType.Delivered, occurredAt).ShouldBe((occurredAt, false));

    [Fact]
    public void Implausible_event_that_is_ahead_of_the_store_occurs_when_the_store_adds_it()
    {
        var e = Policy().Apply([Event(EventType.Delivered, "1970-01-01")]).Single();

        var added = e.AddedAt(Received.AddSeconds(-1));

        (added.ReceivedAt, added.EffectiveAt).ShouldBe((Received.AddSeconds(-1), Received.AddSeconds(-1)));
        e.AddedAt(Received).ShouldBeSameAs(e);
    }

    private (string, bool) Apply(EventType type, string occurredAt)
    {
        var e = Policy().Apply([Event(type, occurredAt)]).Single();
        e.OccurredAt.ShouldBe(IsoTime.Parse(occurredAt)!.Value);
        return (IsoTime.Text(e.EffectiveAt ?? e.OccurredAt), e.HasImplausibleTime);
    }

    private EffectiveTimePolicy Policy() => new(TimeSpan.FromDays(400), TimeSpan.FromHours(24), () => _implausible++);

    private static AcceptedEvent Event(EventType type, string occurredAt) => new()
    {
        AcceptId = Guid.NewGuid(), Key = new EventKey("dhl", "1"), MerchantId = "m-1", ShipmentId = "sh-1", Type = type,
        OccurredAt = IsoTime.Parse(occurredAt)!.Value, ReceivedAt = Received,
        EffectiveAt = BuiltInBody.EffectiveAtOf(type, occurredAt), Body = [],
    };
}
