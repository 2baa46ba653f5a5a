using Gateway.EventsGateway.Audit;
using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.ClearDeduplicationCache;

[NeedsRole(OperatorRole.Operate)]
public sealed class ClearDeduplicationCacheController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>
    /// Clears the deduplication cache. After a broker lost its disk, senders can then send the lost events again; the store still
    /// detects duplicates of stored events.
    /// </summary>
    [HttpDelete("v1/events-gateway/deduplication-cache", Name = "clearDeduplicationCache")]
    [ProducesProblem(StatusCodes.Status503ServiceUnavailable)]
    public Task<ClearDeduplicationCacheResponse> ClearAsync()
        => Mediator.Send(new ClearDeduplicationCacheCommand(Caller.Of(HttpContext)), CancellationToken.None);
}
