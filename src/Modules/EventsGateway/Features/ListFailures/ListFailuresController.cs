using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.ListFailures;

[ApiController]
[OperatorOnly]
[Tags("Operator")]
[Produces("application/json")]
public sealed class ListFailuresController(IMediator mediator) : ControllerBase
{
    /// <summary>Failed events by the reason that they failed for, the most frequent first. A group's outcome and error are filters of list and replay.</summary>
    [HttpGet("v1/events-gateway/failures")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status401Unauthorized, "application/problem+json")]
    public Task<FailuresResponse> ListAsync(CancellationToken cancellationToken)
        => mediator.Send(new ListFailuresQuery(), cancellationToken);
}
