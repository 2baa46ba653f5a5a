using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.Console.Live;

[NeedsRole(OperatorRole.Read)]
[ApiController]
[OperatorOnly]
[ApiExplorerSettings(IgnoreApi = true)]
public sealed class LiveController(IMediator mediator, OperatorAccess access) : ControllerBase
{
    /// <summary>
    /// The live state of this process as server-sent events: <c>history</c> once, then <c>live</c> every second.
    /// </summary>
    [HttpGet(EventsGatewayModule.LivePath)]
    public async Task<IResult> StreamAsync()
    {
        var stream = await mediator.Send(new OpenLiveCommand(access.IsStillIn(HttpContext)), HttpContext.RequestAborted)
            ?? throw new RequestRejectedException(
                StatusCodes.Status503ServiceUnavailable, "Shutting down, or too many consoles are open");
        Response.RegisterForDispose(stream);
        Response.RegisterForDispose(stream.Lost.Register(HttpContext.Abort));
        // A proxy that buffers responses would delay every update.
        Response.Headers["X-Accel-Buffering"] = "no";
        return TypedResults.ServerSentEvents(stream.ReadAsync(HttpContext.RequestAborted));
    }
}
