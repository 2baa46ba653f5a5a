using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ListEvents;

namespace Gateway.EventsGateway.Tests.Features.ListEvents;

public sealed class EventDetailDtoTests
{
    [Theory]
    [InlineData("failed", FailureReasonText.RetriesExhausted, true)]
    [InlineData("failed", FailureReasonText.Poison, true)]
    [InlineData("failed", FailureReasonText.Unreadable, false)]
    [InlineData("failed", FailureReasonText.Unstorable, false)]
    [InlineData("processed", EventOutcome.Routed, false)]
    [InlineData("pending", null, false)]
    public void Failed_event_is_replayable_unless_it_is_quarantined(string status, string? outcome, bool isReplayable)
        => new EventDetailDto(Event(EventStatusText.Parse(status)!.Value, outcome)).Replayable.ShouldBe(isReplayable);

    private static EventEntity Event(EventStatus status, string? outcome) => new()
    {
        Key = new EventKey("dhl", "1"), MerchantId = "m", ShipmentId = "s", Type = EventType.Created,
        OccurredAt = DateTimeOffset.UnixEpoch, ReceivedAt = DateTimeOffset.UnixEpoch, Status = status, Outcome = outcome,
    };
}
