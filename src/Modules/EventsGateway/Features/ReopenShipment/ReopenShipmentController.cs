using Gateway.EventsGateway.Audit;
using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.ReopenShipment;

[NeedsRole(OperatorRole.Admin)]
public sealed class ReopenShipmentController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>
    /// Begins a new cycle of a shipment: it is ACTIVE, and no event that has been received until now ends it again. Events that
    /// failed, or were late, because of its end are routed after a replay.
    /// </summary>
    [HttpPost("v1/events-gateway/shipments/{key}/reopen", Name = "reopenShipment")]
    [ProducesProblem(StatusCodes.Status404NotFound)]
    [ProducesProblem(StatusCodes.Status503ServiceUnavailable)]
    public async Task<ReopenShipmentResponse> ReopenAsync(string key)
        => await Mediator.Send(new ReopenShipmentCommand(key, Caller.Of(HttpContext)), CancellationToken.None)
            ?? throw new RequestRejectedException(StatusCodes.Status404NotFound, $"There is no shipment {key}");
}
