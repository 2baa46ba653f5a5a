using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using MediatR;

namespace Gateway.EventsGateway.Features.ListEvents;

internal sealed record FindEventQuery(string Key) : IRequest<EventDetailDto?>;

internal sealed class FindEventHandler(IEventQueries events) : IRequestHandler<FindEventQuery, EventDetailDto?>
{
    public async Task<EventDetailDto?> Handle(FindEventQuery request, CancellationToken cancellationToken)
    {
        if (!EventKey.TryParse(request.Key, out var key)) return null;
        if (await events.FindAsync(key.Value, cancellationToken) is { } found) return new EventDetailDto(found);
        return await events.FindTombstoneAsync(key.Value, cancellationToken) is { } tombstone
            ? new EventDetailDto(request.Key, tombstone)
            : null;
    }
}
