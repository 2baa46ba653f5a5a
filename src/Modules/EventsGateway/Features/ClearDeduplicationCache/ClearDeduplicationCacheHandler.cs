using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Idempotency;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.ClearDeduplicationCache;

/// <param name="Forgotten">Keys that the door knew.</param>
public sealed record ClearDeduplicationCacheResponse(long Forgotten);

internal sealed record ClearDeduplicationCacheCommand(Caller By) : IRequest<ClearDeduplicationCacheResponse>;

/// <param name="filters">None in the profile Embedded, where the route is not there either: the row itself is what the door has seen.</param>
/// <param name="audit">Keeps who did it.</param>
/// <param name="log">Tells that it was done.</param>
internal sealed class ClearDeduplicationCacheHandler(IEnumerable<IIdempotencyService> filters, AuditWriter audit, ILogger<ClearDeduplicationCacheHandler> log)
    : IRequestHandler<ClearDeduplicationCacheCommand, ClearDeduplicationCacheResponse>
{
    public async Task<ClearDeduplicationCacheResponse> Handle(ClearDeduplicationCacheCommand request, CancellationToken cancellationToken)
    {
        var forgotten = await audit.DoAsync(
            request.By, AuditAction.ClearDeduplicationCache, "all seen keys", () => ForgetAsync(cancellationToken), keys => $"{keys} forgotten");
        EventsGatewayLog.DeduplicationCacheCleared(log, forgotten);
        return new ClearDeduplicationCacheResponse(forgotten);
    }

    private async Task<long> ForgetAsync(CancellationToken cancellationToken)
    {
        var forgotten = 0L;
        foreach (var filter in filters) forgotten += await filter.ClearAsync(cancellationToken);
        return forgotten;
    }
}
