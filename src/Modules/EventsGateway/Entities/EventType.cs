namespace Gateway.EventsGateway.Entities;

/// <summary>The number is the rank among events of a shipment with the same time.</summary>
internal enum EventType
{
    /// <summary>Of a quarantined row, or of one that another program wrote; no webhook has it.</summary>
    Unknown = 0,

    Created = 1,
    Updated = 2,
    Delivered = 3,
    Cancelled = 4,
}

internal static class EventTypeText
{
    public const string All = "SHIPMENT_CREATED, SHIPMENT_UPDATED, SHIPMENT_DELIVERED or SHIPMENT_CANCELLED";

    public static string Text(this EventType type) => type switch
    {
        EventType.Unknown => "UNKNOWN",
        EventType.Created => "SHIPMENT_CREATED",
        EventType.Updated => "SHIPMENT_UPDATED",
        EventType.Delivered => "SHIPMENT_DELIVERED",
        EventType.Cancelled => "SHIPMENT_CANCELLED",
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    public static bool EndsShipment(this EventType type) => type is EventType.Delivered or EventType.Cancelled;

    public static EventType? Parse(string? text) => text switch
    {
        "SHIPMENT_CREATED" => EventType.Created,
        "SHIPMENT_UPDATED" => EventType.Updated,
        "SHIPMENT_DELIVERED" => EventType.Delivered,
        "SHIPMENT_CANCELLED" => EventType.Cancelled,
        _ => null,
    };
}
