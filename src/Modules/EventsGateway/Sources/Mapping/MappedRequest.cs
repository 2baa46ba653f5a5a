using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Sources.Mapping;

/// <summary>What a request became: items, or none because it is skipped, or because it cannot be mapped.</summary>
internal sealed record MappedRequest
{
    public IReadOnlyList<MappedItem> Items { get; init; } = [];

    /// <summary><c>Take</c> leaves it out.</summary>
    public bool IsSkipped { get; init; }

    /// <summary>A skipped request whose body is kept for the operator.</summary>
    public bool IsKept { get; init; }

    /// <summary>Why the whole request cannot be mapped; items that cannot be mapped say it themselves.</summary>
    public string? Unmapped { get; init; }
}

/// <summary>One event of a request. Without event and without a reason, the type table leaves it out.</summary>
/// <param name="Index">From 0, in the order of the body.</param>
/// <param name="Slice">Its bytes in the body; without <c>Each</c> the body.</param>
/// <param name="Event">Null where it is skipped or unmapped.</param>
/// <param name="Unmapped">What was missing or wrong.</param>
internal sealed record MappedItem(int Index, ReadOnlyMemory<byte> Slice, MappedEvent? Event, string? Unmapped)
{
    public bool IsSkipped => Event is null && Unmapped is null;
}

/// <summary>The fields of the canonical event that the sender's request gives.</summary>
internal sealed record MappedEvent
{
    public required string EventId { get; init; }

    public required string MerchantId { get; init; }

    public required string ShipmentId { get; init; }

    public required EventType Type { get; init; }

    /// <summary>The sender's word for the type.</summary>
    public required string TypeText { get; init; }

    /// <summary>False where the type table does not have the sender's word; the type is then SHIPMENT_UPDATED.</summary>
    public required bool IsTypeKnown { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>See <see cref="AcceptedEvent.EffectiveAt"/>.</summary>
    public DateTimeOffset? EffectiveAt { get; init; }

    /// <summary>JSON as it is sent to the routing service; empty where it is absent.</summary>
    public ReadOnlyMemory<byte> Origin { get; init; }

    public ReadOnlyMemory<byte> Destination { get; init; }

    public ReadOnlyMemory<byte> Weight { get; init; }

    public string Details => EventDetails.Of(Origin.Span, Destination.Span, Weight.Span);
}
