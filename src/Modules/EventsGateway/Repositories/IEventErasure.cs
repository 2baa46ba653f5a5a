using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

/// <summary>Removes all that is stored about a shipment or a merchant.</summary>
internal interface IEventErasure
{
    /// <summary>
    /// Turns up to <paramref name="atMost"/> events of the subject into tombstones and removes its shipments. A pending event
    /// counts as failed, and a worker that processes it loses its claim.
    /// </summary>
    Task<Erased> EraseAsync(ErasureSubject subject, int atMost);

    /// <summary>The containers behind an event id with their bodies, by event id; what retention has emptied has none.</summary>
    Task<IReadOnlyList<EventEntity>> ContainersAsync(string after, int limit, CancellationToken cancellationToken);

    /// <summary>Turns containers into tombstones, as <see cref="EraseAsync"/> does. Returns how many there were.</summary>
    Task<int> EraseContainersAsync(IReadOnlyCollection<EventKey> containers);

    /// <summary>The couriers that have events or a shipment of this number.</summary>
    Task<IReadOnlyList<string>> CouriersOfAsync(string shipmentId, CancellationToken cancellationToken);
}

/// <summary>Exactly one of shipment and merchant is set; the courier of the shipment may be.</summary>
internal readonly record struct ErasureSubject(string? ShipmentId, string? MerchantId, string? ShippingCompanyId = null);

/// <param name="Events">Removed by this call.</param>
/// <param name="Shipments">Removed by this call.</param>
/// <param name="Remaining">Events of the subject for the next call.</param>
internal readonly record struct Erased(int Events, int Shipments, int Remaining);
