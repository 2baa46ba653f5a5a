using System.Text.Json.Serialization;
using MediatR;

namespace Gateway.RoutingService.Stats;

internal sealed record GetStatsQuery : IRequest<StatsResponse>;

/// <param name="Requests">All requests.</param>
/// <param name="DistinctKeys">Keys with at least one answer <c>routed:true</c>.</param>
/// <param name="RepeatedKeys">Keys with more than one answer <c>routed:true</c>.</param>
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
