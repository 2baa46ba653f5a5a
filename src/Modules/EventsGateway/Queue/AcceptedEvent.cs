using Gateway.EventsGateway.Events;

namespace Gateway.EventsGateway.Queue;

/// <summary>What travels from the door to the store: the stamped envelope and the signed bytes, in memory of its own.</summary>
internal sealed record AcceptedEvent
{
    public required Guid AcceptId { get; init; }

    public required EventKey Key { get; init; }

    public required string MerchantId { get; init; }

    public required string ShipmentId { get; init; }

    public required EventType Type { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required byte[] Body { get; init; }

    public string? Headers { get; init; }

    public string? Traceparent { get; init; }
}
