using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.RejectedRequests;

[ApiController]
[OperatorOnly]
[Tags("Operator")]
[Produces("application/json")]
public sealed class RejectedRequestsController(IMediator mediator) : ControllerBase
{
    /// <summary>
    /// The last webhooks that this process has refused, newest first, for the courier who asks why: what was wrong, and
    /// nothing of what was in them. With them those that were answered 202 and dropped because another body had been accepted under
    /// their id: 50 at most, of 200 in all.
    /// </summary>
    [HttpGet("v1/events-gateway/rejections")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status401Unauthorized, "application/problem+json")]
    public Task<RejectedRequestPage> ListAsync([FromQuery] string? limit, CancellationToken cancellationToken)
        => mediator.Send(new ListRejectedRequestsQuery(limit), cancellationToken);
}
