using Gateway.EventsGateway.Audit;
using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.EraseEvents;

[NeedsRole(OperatorRole.Admin)]
public sealed class EraseEventsController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>
    /// Permanently removes all data of one shipment or one merchant, at most 10,000 events per call. A late duplicate of an
    /// erased event is answered 202 and has no effect.
    /// </summary>
    [HttpPost("v1/events-gateway/erasures", Name = "eraseEvents")]
    [ProducesProblem(StatusCodes.Status400BadRequest)]
    [ProducesProblem(StatusCodes.Status503ServiceUnavailable)]
    public Task<EraseEventsResponse> EraseAsync(EraseEventsDto subject)
        => Mediator.Send(new EraseEventsCommand(subject, Caller.Of(HttpContext)), CancellationToken.None);
}
