namespace Gateway.EventsGateway.Entities;

/// <summary>Identifies a shipment: couriers use the same numbers.</summary>
/// <param name="ShippingCompanyId">Empty for a stored row whose courier is not known yet.</param>
/// <param name="ShipmentId">The courier's number.</param>
internal readonly record struct ShipmentKey(string ShippingCompanyId, string ShipmentId)
{
    public static ShipmentKey Of(EventEntity e) => new(e.Key.ShippingCompanyId, e.ShipmentId);
}
