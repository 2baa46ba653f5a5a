using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

internal interface IShipmentRepository
{
    /// <summary>
    /// Applies each event to its shipment, atomically and idempotently, in order. Returns the state of the shipment after each
    /// event, without the later events of the group.
    /// </summary>
    Task<IReadOnlyList<ShipmentEntity>> ApplyAsync(IReadOnlyList<EventEntity> events);

    Task<ShipmentEntity?> FindAsync(string shipmentId, CancellationToken cancellationToken);
}
