using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.RoutingService.Stats;

/// <summary>The counts of the stub since its start, which prove in drills that each event was routed once.</summary>
[NeedsRole(OperatorRole.Read)]
[OperatorOnly]
[ApiExplorerSettings(IgnoreApi = false)]
[Route("v1/routing-service/stats")]
[Tags("Routing service stub")]
public sealed class StatsController(IMediator mediator) : ControllerBase
{
    [HttpGet(Name = "findRoutingStats")]
    public Task<StatsResponse> Get(CancellationToken cancellationToken) => mediator.Send(new GetStatsQuery(), cancellationToken);

    [HttpGet("keys", Name = "listRoutingStatsByKey")]
    [ProducesResponseType<IReadOnlyDictionary<string, KeyStatsResponse>>(StatusCodes.Status200OK)]
    [ProducesProblem(StatusCodes.Status404NotFound)]
    public async Task<IReadOnlyDictionary<string, KeyStatsResponse>> GetKeys(CancellationToken cancellationToken)
        => await mediator.Send(new GetKeyStatsQuery(), cancellationToken)
           ?? throw new RequestRejectedException(
               StatusCodes.Status404NotFound, $"Keys are kept only with {RoutingServiceOptions.Section}:RememberKeys");
}
