namespace Gateway.EventsGateway.Entities;

/// <summary>In the order of a shipment's life: the number is the rank among events of the same moment.</summary>
internal enum EventType
{
    /// <summary>Of a row that nobody could read, or that a stranger wrote; no webhook has it.</summary>
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

    public static EventType? Parse(string? text) => text switch
    {
        "SHIPMENT_CREATED" => EventType.Created,
        "SHIPMENT_UPDATED" => EventType.Updated,
        "SHIPMENT_DELIVERED" => EventType.Delivered,
        "SHIPMENT_CANCELLED" => EventType.Cancelled,
        _ => null,
    };
}
