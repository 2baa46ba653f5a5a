using Gateway.EventsGateway.Entities;

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

    /// <summary>What waits, without what does not: quick where counting all takes longer than the store may take.</summary>
    Task<PendingEvents> PendingAsync(CancellationToken cancellationToken);

    /// <summary>Why events have failed, with the errors of <see cref="EventOutcome.GroupedByError"/>.</summary>
    Task<FailureGroups> GroupFailuresAsync(int limit, CancellationToken cancellationToken);
}

/// <summary>All that is set must match. <c>From</c> is inclusive, <c>To</c> exclusive, both of receivedAt.</summary>
internal sealed record EventFilter
{
    public EventStatus? Status { get; init; }

    /// <summary>Of every courier who uses it.</summary>
    public string? EventId { get; init; }

    public string? ShipmentId { get; init; }

    public string? MerchantId { get; init; }

    public string? ShippingCompanyId { get; init; }

    public EventType? Type { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>One of <see cref="EventOutcome"/>.</summary>
    public string? Outcome { get; init; }

    /// <summary>Of failed events alone.</summary>
    public string? LastError { get; init; }

    /// <summary>Nothing but failed events can match.</summary>
    public bool NamesAReason => LastError is not null || (Outcome is not null && FailureReasonText.All.Contains(Outcome));

    /// <summary>Rows of the NestJS original that no message has come for: listed apart, counted nowhere.</summary>
    public bool Legacy { get; init; }
}

/// <summary>Failed events that failed for one reason.</summary>
/// <param name="Outcome">One of <see cref="EventOutcome"/>.</param>
/// <param name="Error">The last error of each of them; null where each has its own.</param>
/// <param name="Count">How many.</param>
/// <param name="Oldest">When the first of them was received.</param>
/// <param name="Newest">When the last of them was received.</param>
internal sealed record FailureGroup(string Outcome, string? Error, long Count, DateTimeOffset Oldest, DateTimeOffset Newest);

/// <param name="Groups">The largest first.</param>
/// <param name="Total">Failed events, those of further groups too.</param>
internal sealed record FailureGroups(IReadOnlyList<FailureGroup> Groups, long Total)
{
    public static FailureGroups Of(IReadOnlyCollection<FailureGroup> all, int limit)
        => new([.. all.OrderByDescending(group => group.Count).ThenByDescending(group => group.Newest).Take(limit)], all.Sum(group => group.Count));
}

/// <summary>The last event of a page: the next page begins behind it.</summary>
internal sealed record EventCursor(DateTimeOffset ReceivedAt, EventKey Key);

/// <param name="Pending">Claimed ones too.</param>
/// <param name="Processed">Removed ones too.</param>
/// <param name="Failed">Removed ones too.</param>
/// <param name="OldestPending">How long the oldest of them waits, a replayed one since its replay; null when none is.</param>
internal readonly record struct EventCounts(long Pending, long Processed, long Failed, TimeSpan? OldestPending)
{
    public long Accepted => Pending + Processed + Failed;

    /// <summary>How many of them are no rows any more.</summary>
    public RemovedCounts Removed { get; init; }
}

/// <param name="Count">Claimed ones too.</param>
/// <param name="Oldest">As in <see cref="EventCounts"/>.</param>
/// <param name="OldestDue">How long the event is due already that nobody has claimed for longest; null when none is due.</param>
internal readonly record struct PendingEvents(long Count, TimeSpan? Oldest, TimeSpan? OldestDue);

internal readonly record struct RemovedCounts(long Processed, long Failed);
