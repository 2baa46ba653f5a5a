using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

/// <summary>Queries of the operator API and of monitoring.</summary>
internal interface IEventQueries
{
    /// <summary>Newest first by receivedAt, then by key; without bodies and history.</summary>
    Task<IReadOnlyList<EventEntity>> ListAsync(
        EventFilter filter, EventCursor? after, int limit, CancellationToken cancellationToken);

    /// <summary>The matching events, at most <paramref name="atMost"/>: a larger number costs no more.</summary>
    Task<int> CountAsync(EventFilter filter, int atMost, CancellationToken cancellationToken);

    /// <summary>The receivedAt of the event that has so many newer ones, of those received earlier than <c>before</c>.</summary>
    Task<DateTimeOffset?> ReceivedAtAsync(DateTimeOffset? before, int newer, CancellationToken cancellationToken);

    Task<EventEntity?> FindAsync(EventKey key, CancellationToken cancellationToken);

    /// <summary>The tombstone of a removed event.</summary>
    Task<Tombstone?> FindTombstoneAsync(EventKey key, CancellationToken cancellationToken);

    /// <summary>All counts are from one moment.</summary>
    Task<EventCounts> CountAsync(CancellationToken cancellationToken);

    /// <summary>Pending events alone. Counting all events of a large store can exceed the time of an operation.</summary>
    Task<PendingEvents> PendingAsync(CancellationToken cancellationToken);

    /// <summary>Failed events by outcome; those of <see cref="EventOutcome.GroupedByError"/> by error too.</summary>
    /// <param name="limit">The most groups.</param>
    /// <param name="source">Only of this source; null: of all.</param>
    /// <param name="cancellationToken">Of the request.</param>
    Task<FailureGroups> GroupFailuresAsync(int limit, string? source, CancellationToken cancellationToken);

    /// <summary>The newest matching events by source and merchant, largest first.</summary>
    /// <param name="filter">With a status.</param>
    /// <param name="newest">So many of them are read.</param>
    /// <param name="cancellationToken">Of the request.</param>
    Task<IReadOnlyList<EventShare>> ShareAsync(EventFilter filter, int newest, CancellationToken cancellationToken);

    /// <summary>The containers that wait for a better mapping, by source.</summary>
    Task<IReadOnlyList<OpenContainers>> CountContainersAsync(CancellationToken cancellationToken);
}

internal sealed record EventShare(string Source, string MerchantId, long Count);

/// <param name="Source">The name of the source.</param>
/// <param name="Count">Failed containers.</param>
/// <param name="Bytes">Of their bodies.</param>
internal sealed record OpenContainers(string Source, long Count, long Bytes);

/// <summary>Failed events of one reason.</summary>
/// <param name="Outcome">One of <see cref="EventOutcome"/>.</param>
/// <param name="Error">The last error of each event; null where errors differ from event to event.</param>
/// <param name="Count">The number of events.</param>
/// <param name="Oldest">When its first event was received.</param>
/// <param name="Newest">When its last event was received.</param>
internal sealed record FailureGroup(string Outcome, string? Error, long Count, DateTimeOffset Oldest, DateTimeOffset Newest);

/// <param name="Groups">Largest first.</param>
/// <param name="Total">All failed events, including those of groups that are not returned.</param>
internal sealed record FailureGroups(IReadOnlyList<FailureGroup> Groups, long Total)
{
    public static FailureGroups Of(IReadOnlyCollection<FailureGroup> all, int limit)
        => new([.. all.OrderByDescending(group => group.Count).ThenByDescending(group => group.Newest).Take(limit)],
            all.Sum(group => group.Count));
}

/// <summary>The last event of a page.</summary>
internal sealed record EventCursor(DateTimeOffset ReceivedAt, EventKey Key);

/// <param name="Pending">Includes claimed events.</param>
/// <param name="Processed">Includes removed events.</param>
/// <param name="Failed">Includes removed events.</param>
/// <param name="OldestPending">Age of the oldest pending event: since its replay if it was replayed. Null without one.</param>
internal readonly record struct EventCounts(long Pending, long Processed, long Failed, TimeSpan? OldestPending)
{
    /// <summary>Includes removed events.</summary>
    public long Dismissed { get; init; }

    public long Accepted => Pending + Processed + Failed + Dismissed;

    /// <summary>Removed events: only their number is left.</summary>
    public RemovedCounts Removed { get; init; }
}

/// <param name="Count">Includes claimed events.</param>
/// <param name="Oldest">As in <see cref="EventCounts"/>.</param>
/// <param name="OldestDue">For how long the oldest unclaimed event is due; null when none is due.</param>
internal readonly record struct PendingEvents(long Count, TimeSpan? Oldest, TimeSpan? OldestDue);

internal readonly record struct RemovedCounts(long Processed, long Failed, long Dismissed = 0);
