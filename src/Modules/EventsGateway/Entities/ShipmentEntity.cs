using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Entities;

internal enum ShipmentStatus
{
    Active,
    Completed,
    Cancelled,
}

internal static class ShipmentStatusText
{
    public static string Text(this ShipmentStatus status) => status switch
    {
        ShipmentStatus.Active => "ACTIVE",
        ShipmentStatus.Completed => "COMPLETED",
        ShipmentStatus.Cancelled => "CANCELLED",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    public static ShipmentStatus? Parse(string? text) => text switch
    {
        "ACTIVE" => ShipmentStatus.Active,
        "COMPLETED" => ShipmentStatus.Completed,
        "CANCELLED" => ShipmentStatus.Cancelled,
        _ => null,
    };
}

/// <summary>The decision on an event, from the state of its shipment after the event was applied.</summary>
internal enum RoutingDecision
{
    Route,

    /// <summary>It occurred before the end of the shipment and arrived after it: processed without a call.</summary>
    Late,

    /// <summary>It occurred after the end of the shipment.</summary>
    ShipmentEnded,
}

/// <summary>
/// A shipment is computed from the set of its events: <see cref="LastEventAt"/> is the greatest occurredAt,
/// <see cref="End"/> the smallest position among DELIVERED and CANCELLED events. Minimum and maximum commute,
/// so no order and no repetition of the events changes the result.
/// </summary>
internal sealed record ShipmentEntity
{
    public required string ShipmentId { get; init; }

    public required string MerchantId { get; init; }

    public required ShipmentStatus Status { get; init; }

    public required DateTimeOffset LastEventAt { get; init; }

    public string? End { get; init; }

    /// <summary>The time of the end, as in its position.</summary>
    public string? EndedAt => End?[..End.IndexOf('|', StringComparison.Ordinal)];

    /// <summary>Sortable text: <c>occurredAt|rank|key</c>.</summary>
    public static string PositionOf(EventEntity e) => $"{IsoTime.Text(e.OccurredAt)}|{(int)e.Type}|{e.Key}";

    /// <summary>The position, if this event ends its shipment.</summary>
    public static string? EndOf(EventEntity e)
        => e.Type is EventType.Delivered or EventType.Cancelled ? PositionOf(e) : null;

    /// <summary>The shipment where only this event is known.</summary>
    public static ShipmentEntity Of(EventEntity e) => new()
    {
        ShipmentId = e.ShipmentId,
        MerchantId = e.MerchantId,
        Status = e.Type switch
        {
            EventType.Delivered => ShipmentStatus.Completed,
            EventType.Cancelled => ShipmentStatus.Cancelled,
            _ => ShipmentStatus.Active,
        },
        LastEventAt = e.OccurredAt,
        End = EndOf(e),
    };

    public RoutingDecision DecisionFor(EventEntity e)
    {
        if (Status == ShipmentStatus.Active || End == PositionOf(e)) return RoutingDecision.Route;
        if (End is null) return RoutingDecision.ShipmentEnded;
        return string.CompareOrdinal(IsoTime.Text(e.OccurredAt), EndedAt) <= 0
            ? RoutingDecision.Late
            : RoutingDecision.ShipmentEnded;
    }
}
