using Gateway.EventsGateway.Audit;
using Gateway.Shared.Errors;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.PauseRouting;

[Route("v1/events-gateway/pauses")]
[ProducesProblem(StatusCodes.Status503ServiceUnavailable)]
public sealed class PauseRoutingController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>The current pauses of routing.</summary>
    [HttpGet]
    public Task<ListPausesResponse> ListAsync(CancellationToken cancellationToken)
        => Mediator.Send(new ListPausesQuery(), cancellationToken);

    /// <summary>
    /// Pauses the calls to the routing service for all merchants, or for one. Ingest continues, and events wait; every process
    /// follows within its poll interval.
    /// </summary>
    [HttpPost]
    [ProducesProblem(StatusCodes.Status400BadRequest)]
    public Task<ListPausesResponse> PauseAsync(PauseRoutingDto pause)
        => Mediator.Send(new PauseRoutingCommand(pause.MerchantId, Paused: true, Caller.Of(HttpContext)), CancellationToken.None);

    /// <summary>Ends the pause of all merchants, or of one.</summary>
    [HttpDelete]
    [ProducesProblem(StatusCodes.Status400BadRequest)]
    public Task<ListPausesResponse> ResumeAsync([FromQuery] string? merchantId)
        => Mediator.Send(new PauseRoutingCommand(merchantId, Paused: false, Caller.Of(HttpContext)), CancellationToken.None);
}
