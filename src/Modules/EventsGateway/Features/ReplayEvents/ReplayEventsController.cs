using Gateway.EventsGateway.Audit;
using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.ReplayEvents;

[ApiController]
[OperatorOnly]
[Tags("Operator")]
[Produces("application/json")]
public sealed class ReplayEventsController(IMediator mediator) : ControllerBase
{
    /// <summary>Gives failed events a new life: by their keys, or by a filter ({} is all), 10,000 at most per call, or fewer in steps.</summary>
    [HttpPost("v1/events-gateway/replays")]
    [ProducesResponseType<ReplayEventsResponse>(StatusCodes.Status202Accepted)]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status401Unauthorized, "application/problem+json")]
    public async Task<IActionResult> ReplayAsync(ReplayEventsDto replay)
        => Accepted(await mediator.Send(new ReplayEventsCommand(replay, Caller.Of(HttpContext)), CancellationToken.None));
}
