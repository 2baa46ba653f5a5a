using System.Globalization;
using Gateway.Shared.Errors;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Gateway.RoutingService.RouteShipment;

/// <summary>Accepts any body without reading it, as the original did.</summary>
[ApiExplorerSettings(IgnoreApi = false)]
[Route("v1/routing-service")]
[Tags("Routing service stub")]
public sealed class RoutingServiceController(IMediator mediator, IOptions<RoutingServiceOptions> options) : ControllerBase
{
    [HttpPost(Name = "routeShipment")]
    [ProducesResponseType<RouteShipmentResponse>(StatusCodes.Status200OK)]
    [ProducesProblem(StatusCodes.Status429TooManyRequests)]
    [ProducesProblem(StatusCodes.Status500InternalServerError)]
    [ProducesProblem(StatusCodes.Status504GatewayTimeout)]
    public async Task<IActionResult> Post(
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, CancellationToken cancellationToken)
    {
        var outcome = await mediator.Send(new RouteShipmentCommand(idempotencyKey), cancellationToken);
        return outcome.Failure switch
        {
            null => Ok(outcome.Route),
            RoutingFailure.NotRouted => Ok(new RouteShipmentResponse { Routed = false }),
            RoutingFailure.TooManyRequests => await TooManyRequestsAsync(),
            RoutingFailure.Timeout => await ProblemAsync(StatusCodes.Status504GatewayTimeout),
            RoutingFailure.ServerError => await ProblemAsync(StatusCodes.Status500InternalServerError),
            var unknown => throw new InvalidOperationException($"There is no response for {unknown}."),
        };
    }

    private Task<IActionResult> TooManyRequestsAsync()
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
