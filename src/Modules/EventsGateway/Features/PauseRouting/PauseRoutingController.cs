using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.PauseRouting;

[Route("v1/events-gateway/pauses")]
[ProducesProblem(StatusCodes.Status503ServiceUnavailable)]
public sealed class PauseRoutingController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>The current pauses of routing.</summary>
    [NeedsRole(OperatorRole.Read)]
    [HttpGet(Name = "listPauses")]
    public Task<ListPausesResponse> ListAsync(CancellationToken cancellationToken)
        => Mediator.Send(new ListPausesQuery(), cancellationToken);

    /// <summary>
    /// Pauses the calls to the routing service for all merchants, one source, or one merchant. Ingest continues, and events wait;
    /// every process follows within its poll interval.
    /// </summary>
    [NeedsRole(OperatorRole.Admin)]
    [HttpPost(Name = "pauseRouting")]
    [ProducesProblem(StatusCodes.Status400BadRequest)]
    public Task<ListPausesResponse> PauseAsync(PauseRoutingDto pause)
        => SendAsync(pause.Source, pause.MerchantId, paused: true);

    /// <summary>Ends the pause of all merchants, of one source, or of one merchant.</summary>
    [NeedsRole(OperatorRole.Admin)]
    [HttpDelete(Name = "resumeRouting")]
    [ProducesProblem(StatusCodes.Status400BadRequest)]
    public Task<ListPausesResponse> ResumeAsync([FromQuery] string? source, [FromQuery] string? merchantId)
        => SendAsync(source, merchantId, paused: false);

    private Task<ListPausesResponse> SendAsync(string? source, string? merchantId, bool paused) => Mediator.Send(
        new PauseRoutingCommand(new RoutingScope(source, merchantId), paused, Caller.Of(HttpContext)), CancellationToken.None);
}
