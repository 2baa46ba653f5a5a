using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

internal interface IShipmentRepository
{
    /// <summary>
    /// Applies each event to its shipment, atomically and idempotently, in order. Returns the state of the shipment after each
    /// event, without the later events of the group.
    /// </summary>
    /// <param name="events">The events.</param>
    /// <param name="newCycleAfter">So long after the end of a shipment its number may be used again.</param>
    Task<IReadOnlyList<ShipmentEntity>> ApplyAsync(IReadOnlyList<EventEntity> events, TimeSpan newCycleAfter);

    Task<ShipmentEntity?> FindAsync(ShipmentKey key, CancellationToken cancellationToken);

    /// <summary>Begins a new cycle at the store's now; null where there is no such shipment.</summary>
    Task<ShipmentEntity?> ReopenAsync(ShipmentKey key);
}
