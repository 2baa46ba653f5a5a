namespace Gateway.EventsGateway.Entities;

/// <summary>The texts are those of the original. Other programs may have stored others: those are kept.</summary>
internal static class ShipmentStatus
{
    public const string Active = "ACTIVE";
    public const string Completed = "COMPLETED";
    public const string Cancelled = "CANCELLED";

    public static bool IsKnown(string status) => status is Active or Completed or Cancelled;

    /// <summary>Of a shipment whose end is an event of this type.</summary>
    public static string EndedBy(EventType type) => type == EventType.Delivered ? Completed : Cancelled;
}
