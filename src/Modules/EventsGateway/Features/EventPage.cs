using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Features;

/// <summary>
/// A page of events. It ends before 1 MB, which only hostile texts reach: ids and errors have up to 256 characters each.
/// </summary>
/// <param name="Items">Newest first.</param>
/// <param name="NextCursor">Null on the last page.</param>
internal sealed record EventPage(IReadOnlyList<EventSummaryDto> Items, string? NextCursor)
{
    private const int MaxBytes = 1_000_000;

    /// <summary>Names, times and numbers of an event, as JSON.</summary>
    private const int RowBytes = 700;

    /// <param name="found">One more than the limit shows that there is a next page.</param>
    /// <param name="limit">The page size.</param>
    public static EventPage Of(IReadOnlyList<EventEntity> found, int limit)
    {
        var bytes = 0;
        var items = found.Take(limit).Select(e => new EventSummaryDto(e))
            .TakeWhile(item => (bytes += BytesOf(item)) < MaxBytes).ToList();
        return new EventPage(items, found.Count > items.Count ? EventCursorText.Of(found[items.Count - 1]) : null);
    }

    private static int BytesOf(EventSummaryDto item)
        => RowBytes + new[]
            {
                item.Key, item.EventId, item.ShippingCompanyId, item.MerchantId, item.ShipmentId, item.RouteId, item.LastError,
            }.Sum(text => text?.Sum(BytesOf) ?? 0);

    // Some of the others are \uXXXX.
    private static int BytesOf(char character) => character is >= ' ' and <= '~' and not ('"' or '\\') ? 1 : 6;
}
