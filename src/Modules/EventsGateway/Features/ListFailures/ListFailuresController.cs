using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.ListFailures;

public sealed class ListFailuresController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>
    /// Failed events grouped by reason and error, the largest group first. The outcome and error of a group are filters of list
    /// and replay.
    /// </summary>
    [HttpGet("v1/events-gateway/failures")]
    public Task<ListFailuresResponse> ListAsync(CancellationToken cancellationToken)
        => Mediator.Send(new ListFailuresQuery(), cancellationToken);
}
