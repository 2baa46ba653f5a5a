using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

internal interface IShipmentRepository
{
    /// <summary>
    /// Applies each event to its shipment, atomically and idempotently, in order. Returns the state after each event, with the
    /// events before it in the group and without those behind it.
    /// </summary>
    Task<IReadOnlyList<ShipmentEntity>> ApplyAsync(IReadOnlyList<EventEntity> events);

    Task<ShipmentEntity?> FindAsync(string shipmentId, CancellationToken cancellationToken);
}
