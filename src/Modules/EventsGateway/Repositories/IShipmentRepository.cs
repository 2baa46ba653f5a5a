using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

internal interface IShipmentRepository
{
    /// <summary>
    /// Folds each event into its shipment, atomically and idempotently, in order, and returns the state after it: with every
    /// event of the group that stands before it, and none that stands behind.
    /// </summary>
    Task<IReadOnlyList<ShipmentEntity>> ApplyAsync(IReadOnlyList<EventEntity> events);

    Task<ShipmentEntity?> FindAsync(string shipmentId, CancellationToken cancellationToken);
}
