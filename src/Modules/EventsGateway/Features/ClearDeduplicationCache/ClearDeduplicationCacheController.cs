using Gateway.EventsGateway.Audit;
using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.ClearDeduplicationCache;

[ApiController]
[OperatorOnly]
[Tags("Operator")]
[Produces("application/json")]
public sealed class ClearDeduplicationCacheController(IMediator mediator) : ControllerBase
{
    /// <summary>
    /// After a broker lost its disk: the door forgets what it has seen, so that senders can repeat what was in the queue.
    /// What is in the store stays known.
    /// </summary>
    [HttpDelete("v1/events-gateway/deduplication-cache")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status401Unauthorized, "application/problem+json")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status503ServiceUnavailable, "application/problem+json")]
    public Task<ClearDeduplicationCacheResponse> ForgetAsync() => mediator.Send(new ClearDeduplicationCacheCommand(Caller.Of(HttpContext)), CancellationToken.None);
}
