using Gateway.EventsGateway.Events;

namespace Gateway.EventsGateway.Repositories;

/// <summary>What readers ask of the store.</summary>
internal interface IEventQueries
{
    /// <summary>Newest first by receivedAt, then by key; without bodies and history.</summary>
    Task<IReadOnlyList<EventEntity>> ListAsync(
        EventFilter filter, EventCursor? after, int limit, CancellationToken cancellationToken);

    Task<EventEntity?> FindAsync(EventKey key, CancellationToken cancellationToken);

    /// <summary>What is left of an event that was removed.</summary>
    Task<Tombstone?> FindTombstoneAsync(EventKey key, CancellationToken cancellationToken);

    /// <summary>One snapshot.</summary>
    Task<EventCounts> CountAsync(CancellationToken cancellationToken);

    /// <summary>How long the event is due already that nobody has claimed for longest; null when none is due.</summary>
    Task<TimeSpan?> OldestDueAsync(CancellationToken cancellationToken);
}

/// <summary>All that is set must match. <c>From</c> is inclusive, <c>To</c> exclusive, both of receivedAt.</summary>
internal sealed record EventFilter
{
    public EventStatus? Status { get; init; }

    public string? ShipmentId { get; init; }

    public string? MerchantId { get; init; }

    public string? ShippingCompanyId { get; init; }

    public EventType? Type { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>Rows of the NestJS original that no message has come for: listed apart, counted nowhere.</summary>
    public bool Legacy { get; init; }
}

/// <summary>The last event of a page: the next page begins behind it.</summary>
internal sealed record EventCursor(DateTimeOffset ReceivedAt, EventKey Key);

internal readonly record struct EventCounts(long Pending, long Processed, long Failed, TimeSpan? OldestPending)
{
    public long Accepted => Pending + Processed + Failed;

    /// <summary>How many of them are no rows any more.</summary>
    public RemovedCounts Removed { get; init; }
}

internal readonly record struct RemovedCounts(long Processed, long Failed);
