using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Features;
using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.NestInterop.Return;

[Route("v1/events-gateway/return")]
[ProducesProblem(StatusCodes.Status503ServiceUnavailable)]
public sealed class ReturnController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>
    /// Whether the NestJS original can take over again: nothing waits here, and no two rows have the id that is unique for it.
    /// </summary>
    [NeedsRole(OperatorRole.Read)]
    [HttpGet(Name = "checkReturn")]
    public Task<ReturnResponse> CheckAsync(CancellationToken cancellationToken)
        => Mediator.Send(new CheckReturnQuery(), cancellationToken);

    /// <summary>
    /// Where it is safe, creates the unique indexes that the original creates at its start. A worker of the gateway that starts
    /// afterwards needs Gateway:Mongo:DropLegacyIndexes.
    /// </summary>
    [NeedsRole(OperatorRole.Admin)]
    [HttpPost(Name = "prepareReturn")]
    public Task<ReturnResponse> PrepareAsync()
        => Mediator.Send(new PrepareReturnCommand(Caller.Of(HttpContext)), CancellationToken.None);
}
