using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

/// <summary>
/// Dismisses failed events, and pending ones that no worker has claimed. They keep their outcome and last error. Their shipments
/// do not change: an end that a dismissed event has set stays.
/// </summary>
internal interface IEventDismissal
{
    Task<DismissResult> DismissAsync(IReadOnlyList<EventKey> keys, string by);

    /// <summary>
    /// The oldest <paramref name="atMost"/> events that match: pending ones where the filter names them, else failed ones.
    /// </summary>
    Task<DismissResult> DismissAsync(EventFilter filter, int atMost, string by);
}

/// <param name="Dismissed">Events that this call has dismissed.</param>
/// <param name="InWork">Pending events that stay, because a worker has claimed them.</param>
/// <param name="ShipmentsEnded">Shipments whose end a dismissed event has set.</param>
/// <param name="Remaining">Events that are left for the next call.</param>
internal readonly record struct DismissResult(int Dismissed, int InWork, int ShipmentsEnded, int Remaining);
