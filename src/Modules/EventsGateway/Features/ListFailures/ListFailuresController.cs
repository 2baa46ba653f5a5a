using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.ListFailures;

[NeedsRole(OperatorRole.Read)]
[ProducesProblem(StatusCodes.Status503ServiceUnavailable)]
public sealed class ListFailuresController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>
    /// Failed events grouped by reason and error, the largest group first. The outcome and error of a group are filters of list
    /// and replay.
    /// </summary>
    /// <param name="source">Only events of this source; <c>gateway</c> is the built-in one.</param>
    /// <param name="cancellationToken">Of the request.</param>
    [HttpGet("v1/events-gateway/failures", Name = "listFailures")]
    public Task<ListFailuresResponse> ListAsync([FromQuery] string? source, CancellationToken cancellationToken)
        => Mediator.Send(new ListFailuresQuery(source), cancellationToken);

    /// <summary>The failed events that match, such as those of a group, by source and by merchant.</summary>
    [HttpGet("v1/events-gateway/failures/shares", Name = "shareFailures")]
    [ProducesProblem(StatusCodes.Status400BadRequest)]
    public Task<ShareFailuresResponse> ShareAsync([FromQuery] EventFilterDto filter, CancellationToken cancellationToken)
        => Mediator.Send(new ShareFailuresQuery(filter, QueryNames), cancellationToken);
}
