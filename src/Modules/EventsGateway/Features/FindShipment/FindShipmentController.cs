using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.FindShipment;

[NeedsRole(OperatorRole.Read)]
[ProducesProblem(StatusCodes.Status503ServiceUnavailable)]
public sealed class FindShipmentController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>
    /// The state of one shipment, the event that ended it, and its events, newest first. The key is its shippingCompanyId and its
    /// shipmentId, escaped as in event keys and separated by a dot.
    /// </summary>
    [HttpGet("v1/events-gateway/shipments/{key}", Name = "findShipment")]
    [ProducesProblem(StatusCodes.Status400BadRequest)]
    [ProducesProblem(StatusCodes.Status404NotFound)]
    public async Task<ShipmentResponse> FindAsync(
        string key, [FromQuery] string? limit, [FromQuery] string? cursor, CancellationToken cancellationToken)
        => await Mediator.Send(new FindShipmentQuery(key, limit, cursor), cancellationToken)
            ?? throw new RequestRejectedException(StatusCodes.Status404NotFound, $"There is no shipment {key}");
}
