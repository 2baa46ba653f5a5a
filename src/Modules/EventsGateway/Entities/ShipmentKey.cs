namespace Gateway.EventsGateway.Entities;

/// <summary>Identifies a shipment: couriers use the same numbers.</summary>
/// <param name="ShippingCompanyId">Empty for a stored row whose courier is not known yet.</param>
/// <param name="ShipmentId">The courier's number.</param>
internal readonly record struct ShipmentKey(string ShippingCompanyId, string ShipmentId)
{
    /// <summary>Escaped as <see cref="EventKey"/> is.</summary>
    public override string ToString() => new EventKey(ShippingCompanyId, ShipmentId).ToString();

    public static ShipmentKey? Parse(string text)
        => EventKey.TryParse(text, out var key) ? new ShipmentKey(key.Value.ShippingCompanyId, key.Value.EventId) : null;

    public static ShipmentKey Of(EventEntity e) => new(e.Key.ShippingCompanyId, e.ShipmentId);
}
