using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.RejectedRequests;

[NeedsRole(OperatorRole.Read)]
[ApiController]
[OperatorOnly]
[Tags("Operator")]
[Produces("application/json")]
public sealed class RejectedRequestsController(IMediator mediator) : ControllerBase
{
    /// <summary>
    /// Lists the latest webhook requests that were rejected, newest first: the reason, without any content. The list also has
    /// requests that were answered 202 and dropped because another body was accepted under the same id. It has at most 200
    /// requests of this process, of which at most 50 were dropped, and the latest 50 of each other process.
    /// </summary>
    [HttpGet("v1/events-gateway/rejections")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status401Unauthorized, "application/problem+json")]
    public Task<RejectedRequestPage> ListAsync(
        [FromQuery] string? limit, [FromQuery] string? requestId, CancellationToken cancellationToken)
        => mediator.Send(new ListRejectedRequestsQuery(limit, requestId), cancellationToken);
}
