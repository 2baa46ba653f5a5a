using Gateway.EventsGateway.Audit;
using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.EraseEvents;

[ApiController]
[OperatorOnly]
[Tags("Operator")]
[Produces("application/json")]
public sealed class EraseEventsController(IMediator mediator) : ControllerBase
{
    /// <summary>
    /// Removes for good what is stored about one shipment, or one merchant: 10,000 events at most per call. Late copies of
    /// them are answered 202 and take no effect.
    /// </summary>
    [HttpPost("v1/events-gateway/erasures")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status401Unauthorized, "application/problem+json")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status503ServiceUnavailable, "application/problem+json")]
    public Task<EraseEventsResponse> EraseAsync(EraseEventsDto subject)
        => mediator.Send(new EraseEventsCommand(subject, Caller.Of(HttpContext)), CancellationToken.None);
}
