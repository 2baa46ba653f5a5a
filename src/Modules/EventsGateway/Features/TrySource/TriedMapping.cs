namespace Gateway.EventsGateway.Features.TrySource;

/// <param name="Error">Why something cannot be mapped, or is kept; null where nothing would be kept.</param>
/// <param name="Skipped">Take leaves the request out.</param>
/// <param name="Items">How many items the request has.</param>
/// <param name="Events">The first 20 of them.</param>
public sealed record TriedMapping(string? Error, bool Skipped, int Items, IReadOnlyList<TriedEvent> Events);

/// <summary>One item of a request; without key and error, the type table leaves it out.</summary>
public sealed record TriedEvent
{
    public required int Index { get; init; }

    /// <summary>What is missing or wrong.</summary>
    public string? Error { get; init; }

    public string? Key { get; init; }

    /// <summary>Whether the store has an event, or its tombstone, with this key; null where it did not answer.</summary>
    public bool? Known { get; init; }

    public string? EventId { get; init; }

    public string? MerchantId { get; init; }

    public string? ShipmentId { get; init; }

    public string? Type { get; init; }

    /// <summary>The sender's word for the type.</summary>
    public string? TypeText { get; init; }

    /// <summary>False where the type table does not have that word.</summary>
    public bool? TypeKnown { get; init; }

    public string? OccurredAt { get; init; }

    /// <summary>JSON, as it would be sent to the routing service.</summary>
    public string? Details { get; init; }
}
