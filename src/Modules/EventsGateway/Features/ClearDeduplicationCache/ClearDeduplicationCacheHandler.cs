using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Idempotency;
using MediatR;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.ClearDeduplicationCache;

/// <param name="Cleared">Keys that were removed.</param>
public sealed record ClearDeduplicationCacheResponse(long Cleared);

internal sealed record ClearDeduplicationCacheCommand(Caller By) : IRequest<ClearDeduplicationCacheResponse>;

/// <param name="caches">Empty in the profile Embedded, which has no cache and no route for this command.</param>
/// <param name="audit">Records the operator.</param>
/// <param name="log">Logs the result.</param>
internal sealed class ClearDeduplicationCacheHandler(
    IEnumerable<IIdempotencyService> caches, AuditWriter audit, ILogger<ClearDeduplicationCacheHandler> log)
    : IRequestHandler<ClearDeduplicationCacheCommand, ClearDeduplicationCacheResponse>
{
    public async Task<ClearDeduplicationCacheResponse> Handle(
        ClearDeduplicationCacheCommand request, CancellationToken cancellationToken)
    {
        var cleared = await audit.RunAsync(
            request.By, AuditAction.ClearDeduplicationCache, "all keys", () => ClearAsync(cancellationToken),
            keys => $"{keys} cleared");
        OperationsLog.DeduplicationCacheCleared(log, cleared);
        return new ClearDeduplicationCacheResponse(cleared);
    }

    private async Task<long> ClearAsync(CancellationToken cancellationToken)
    {
        var cleared = 0L;
        foreach (var cache in caches) cleared += await cache.ClearAsync(cancellationToken);
        return cleared;
    }
}
