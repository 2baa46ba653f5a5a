using System.Text.Json.Serialization;
using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using MediatR;

namespace Gateway.EventsGateway.Features.ListEvents;

/// <param name="Accepted">All events: the sum of the other four counts.</param>
/// <param name="Pending">Waiting for the first or next attempt, or in one.</param>
/// <param name="Processed">Processed events.</param>
/// <param name="Failed">Failed events.</param>
/// <param name="Dismissed">Events that an operator dismissed.</param>
/// <param name="OldestPendingSeconds">The age of the oldest pending event; null without pending events.</param>
/// <param name="QueuedMessages">
/// Messages that are not stored yet, approximately; absent in the profile Embedded and while the broker is unavailable.
/// </param>
/// <param name="Removed">How many of these events were removed.</param>
public sealed record CountEventsResponse(
    long Accepted, long Pending, long Processed, long Failed, long Dismissed, double? OldestPendingSeconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? QueuedMessages,
    RemovedCountsDto Removed);

/// <summary>Removed events: they are still counted, but no longer stored.</summary>
public sealed record RemovedCountsDto(long Processed, long Failed, long Dismissed);

internal sealed record CountEventsQuery : IRequest<CountEventsResponse>;

/// <param name="events">The store.</param>
/// <param name="queued">Empty in the profile Embedded, where the store is the queue.</param>
internal sealed class CountEventsHandler(IEventQueries events, IEnumerable<IQueuedEvents> queued)
    : IRequestHandler<CountEventsQuery, CountEventsResponse>
{
    public async Task<CountEventsResponse> Handle(CountEventsQuery request, CancellationToken cancellationToken)
    {
        var counts = await events.CountAsync(cancellationToken);
        return new CountEventsResponse(
            counts.Accepted, counts.Pending, counts.Processed, counts.Failed, counts.Dismissed,
            counts.OldestPending?.TotalSeconds, await CountQueuedAsync(),
            new RemovedCountsDto(counts.Removed.Processed, counts.Removed.Failed, counts.Removed.Dismissed));
    }

    private async Task<long?> CountQueuedAsync()
    {
        try
        {
            return queued.SingleOrDefault() is { } queue ? await queue.CountAsync() : null;
        }
        catch (BackendUnavailableException)
        {
            // The count is optional, and readiness reports the outage.
            return null;
        }
    }
}
