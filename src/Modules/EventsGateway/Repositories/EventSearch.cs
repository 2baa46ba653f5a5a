using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

/// <summary>
/// A search of bounded cost. What an index serves is searched in the whole store. The rest is compared row by row, of the newest
/// 250,000 events: 0.4 s with SQLite. An earlier <c>to</c> continues the search.
/// </summary>
/// <param name="Filter">The filter for the store.</param>
/// <param name="From">Since when events are searched; null where all are.</param>
internal sealed record EventSearch(EventFilter Filter, DateTimeOffset? From)
{
    public const int MaxRows = 250_000;

    /// <summary>Events that match a prefix or a text; as many are sorted in 30 ms.</summary>
    private const int MaxSorted = 20_000;

    public static async Task<EventSearch> OfAsync(
        IEventQueries events, EventFilter filter, bool isCount, CancellationToken cancellationToken)
    {
        var isBroad = await IsBroadAsync(events, filter, cancellationToken);
        if (!isBroad && !IsCompared(filter) && !(isCount && IsUnselective(filter))) return new EventSearch(filter, null);
        filter = filter with { IsByTime = isBroad };
        var from = filter.Legacy ? null : await events.ReceivedAtAsync(filter.To, MaxRows, cancellationToken);
        return from is null || from <= filter.From
            ? new EventSearch(filter, null)
            : new EventSearch(filter with { From = from }, from);
    }

    private static bool IsCompared(EventFilter filter)
        => filter.TraceId is not null || filter.RouteId is not null
            || (filter.ErrorText is not null && filter.Status != EventStatus.Failed);

    /// <summary>A list of such events finds its page among the newest ones; a count may read all of the store.</summary>
    private static bool IsUnselective(EventFilter filter)
        => (filter.EventId ?? filter.EventIdPrefix ?? filter.ShipmentId ?? filter.ShipmentIdPrefix ?? filter.MerchantId
            ?? filter.RequestId) is null
            && filter.Status is null or EventStatus.Processed && filter.Outcome != EventOutcome.Late && !filter.NamesAReason;

    private static async Task<bool> IsBroadAsync(IEventQueries events, EventFilter filter, CancellationToken cancellationToken)
    {
        if (filter.EventId is not null || filter.RequestId is not null) return false;
        if ((filter.EventIdPrefix ?? filter.ShipmentIdPrefix ?? filter.ErrorText) is null) return false;
        var parts = new EventFilter
        {
            ShippingCompanyId = filter.EventIdPrefix is null ? null : filter.ShippingCompanyId,
            EventIdPrefix = filter.EventIdPrefix, ShipmentIdPrefix = filter.ShipmentIdPrefix, ErrorText = filter.ErrorText,
            Status = filter.ErrorText is null ? null : filter.Status,
        };
        return await events.CountAsync(parts, MaxSorted, cancellationToken) == MaxSorted;
    }
}
