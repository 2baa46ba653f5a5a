using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.RejectedRequests;

[NeedsRole(OperatorRole.Read)]
public sealed class RejectedRequestsController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>
    /// Lists the latest webhook requests that were rejected, newest first: the reason, without any content. The list also has
    /// requests that were answered 202 and dropped because another body was accepted under the same id. It has at most 200
    /// requests of this process, of which each source and reason keeps a share, and 50 of each other process. All of the last 24
    /// hours are counted by hour, source and reason.
    /// </summary>
    [HttpGet("v1/events-gateway/rejections", Name = "listRejectedRequests")]
    [ProducesProblem(StatusCodes.Status400BadRequest)]
    public Task<RejectedRequestPage> ListAsync(
        [FromQuery] string? limit, [FromQuery] string? requestId, CancellationToken cancellationToken)
        => Mediator.Send(new ListRejectedRequestsQuery(limit, requestId), cancellationToken);
}
