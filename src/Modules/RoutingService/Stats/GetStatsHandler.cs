using System.Text.Json.Serialization;
using MediatR;

namespace Gateway.RoutingService.Stats;

internal sealed record GetStatsQuery : IRequest<StatsResponse>;

/// <param name="Requests">Requests that came in, whatever became of them.</param>
/// <param name="DistinctKeys">Keys answered <c>routed:true</c> at least once.</param>
/// <param name="RepeatedKeys">Keys answered <c>routed:true</c> more than once.</param>
public sealed record StatsResponse(
    [property: JsonPropertyName("requests")] long Requests,
    [property: JsonPropertyName("distinctKeys")] int DistinctKeys,
    [property: JsonPropertyName("repeatedKeys")] int RepeatedKeys);

internal sealed class GetStatsHandler(RoutingLedger ledger) : IRequestHandler<GetStatsQuery, StatsResponse>
{
    public Task<StatsResponse> Handle(GetStatsQuery query, CancellationToken cancellationToken)
    {
        var (requests, distinctKeys, repeatedKeys) = ledger.Totals();
        return Task.FromResult(new StatsResponse(requests, distinctKeys, repeatedKeys));
    }
}
