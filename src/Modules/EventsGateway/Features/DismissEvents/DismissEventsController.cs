using Gateway.EventsGateway.Audit;
using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.DismissEvents;

[NeedsRole(OperatorRole.Operate)]
public sealed class DismissEventsController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>
    /// Ends failed events, and pending ones that no worker has claimed, without another attempt; at most 10,000 per call. They
    /// can be replayed; a resubmission is a duplicate. An end of a shipment that a dismissed event has set stays.
    /// </summary>
    [HttpPost("v1/events-gateway/events/dismiss", Name = "dismissEvents")]
    [ProducesProblem(StatusCodes.Status400BadRequest)]
    [ProducesProblem(StatusCodes.Status503ServiceUnavailable)]
    public Task<DismissEventsResponse> DismissAsync(DismissEventsDto dismissal)
        => Mediator.Send(new DismissEventsCommand(dismissal, Caller.Of(HttpContext)), CancellationToken.None);
}
