using Gateway.EventsGateway.Events;

namespace Gateway.EventsGateway.Repositories;

internal interface IShipmentRepository
{
    /// <summary>Folds the event into its shipment, atomically and idempotently, and returns the state after it.</summary>
    Task<ShipmentEntity> FoldAsync(EventEntity e);

    Task<ShipmentEntity?> FindAsync(string shipmentId, CancellationToken cancellationToken);
}
