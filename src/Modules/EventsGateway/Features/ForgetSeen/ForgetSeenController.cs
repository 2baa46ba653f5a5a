using Gateway.EventsGateway.Audit;
using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.ForgetSeen;

[ApiController]
[OperatorOnly]
[Tags("Operator")]
[Produces("application/json")]
public sealed class ForgetSeenController(IMediator mediator) : ControllerBase
{
    /// <summary>
    /// After a broker lost its disk: the door forgets what it has seen, so that senders can repeat what was in the queue.
    /// What is in the store stays known.
    /// </summary>
    [HttpDelete("v1/events-gateway/seen-keys")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status401Unauthorized, "application/problem+json")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status503ServiceUnavailable, "application/problem+json")]
    public Task<ForgetSeenResponse> ForgetAsync() => mediator.Send(new ForgetSeenCommand(Caller.Of(HttpContext)), CancellationToken.None);
}
