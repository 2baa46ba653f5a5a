using System.Globalization;
using Gateway.Shared.Errors;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Gateway.RoutingService.RouteShipment;

/// <summary>Takes any body and never reads it, as the original did.</summary>
[ApiExplorerSettings(IgnoreApi = false)]
[Route("v1/routing-service")]
[Tags("Routing service stub")]
public sealed class RoutingServiceController(IMediator mediator, IOptions<RoutingServiceOptions> options) : ControllerBase
{
    [HttpPost]
    [ProducesResponseType<RouteShipmentResponse>(StatusCodes.Status200OK)]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status429TooManyRequests)]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status500InternalServerError)]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status504GatewayTimeout)]
    public async Task<IActionResult> Post(
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, CancellationToken cancellationToken)
    {
        var outcome = await mediator.Send(new RouteShipmentCommand(idempotencyKey), cancellationToken);
        return outcome.Failure switch
        {
            null => Ok(outcome.Route),
            RoutingFailure.NotRouted => Ok(new RouteShipmentResponse { Routed = false }),
            RoutingFailure.TooManyRequests => await RefuseForNowAsync(),
            RoutingFailure.Timeout => await ProblemAsync(StatusCodes.Status504GatewayTimeout),
            RoutingFailure.ServerError => await ProblemAsync(StatusCodes.Status500InternalServerError),
            var unknown => throw new InvalidOperationException($"No answer is known for {unknown}."),
        };
    }

    private Task<IActionResult> RefuseForNowAsync()
    {
        Response.Headers.RetryAfter = options.Value.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        return ProblemAsync(StatusCodes.Status429TooManyRequests);
    }

    private async Task<IActionResult> ProblemAsync(int status)
    {
        await ProblemBody.WriteAsync(HttpContext, status, "The routing service stub fails on purpose");
        return new EmptyResult();
    }
}
