using Gateway.EventsGateway.Audit;
using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.ReplayEvents;

[NeedsRole(OperatorRole.Operate)]
[ProducesProblem(StatusCodes.Status503ServiceUnavailable)]
public sealed class ReplayEventsController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>
    /// Makes failed events pending again, selected by keys or by a filter ({} selects all failed ones), at most 10,000 per call;
    /// late events too, by keys or by a filter with the outcome late.
    /// </summary>
    [HttpPost("v1/events-gateway/replays", Name = "replayEvents")]
    [ProducesResponseType<ReplayEventsResponse>(StatusCodes.Status202Accepted)]
    [ProducesProblem(StatusCodes.Status400BadRequest)]
    public async Task<IActionResult> ReplayAsync(ReplayEventsDto replay)
        => Accepted(await Mediator.Send(new ReplayEventsCommand(replay, Caller.Of(HttpContext)), CancellationToken.None));
}
