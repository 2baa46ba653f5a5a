namespace Gateway.EventsGateway.Repositories;

/// <summary>Removes what is stored about a shipment or a merchant, whatever its state.</summary>
internal interface IEventErasure
{
    /// <summary>
    /// The events of the subject, <paramref name="atMost"/> of them, become tombstones; what was pending counts as failed. Its
    /// shipments go. Who holds the claim of an erased event finds it lost.
    /// </summary>
    Task<Erased> EraseAsync(ErasureSubject subject, int atMost);
}

/// <summary>One of the two is set.</summary>
internal readonly record struct ErasureSubject(string? ShipmentId, string? MerchantId);

/// <param name="Events">Removed by this call.</param>
/// <param name="Shipments">Removed by this call.</param>
/// <param name="Remaining">Events of the subject that are left for the next call.</param>
internal readonly record struct Erased(int Events, int Shipments, int Remaining);
