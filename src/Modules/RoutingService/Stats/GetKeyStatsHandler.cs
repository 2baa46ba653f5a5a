using System.Text.Json.Serialization;
using MediatR;

namespace Gateway.RoutingService.Stats;

/// <summary>Every answered key by its text; null when the stub does not remember them.</summary>
internal sealed record GetKeyStatsQuery : IRequest<IReadOnlyDictionary<string, KeyStatsResponse>?>;

/// <param name="RouteId">The route that the key always gets.</param>
/// <param name="Answers">How often it was answered <c>routed:true</c>.</param>
public sealed record KeyStatsResponse(
    [property: JsonPropertyName("routeId")] string RouteId,
    [property: JsonPropertyName("answers")] int Answers);

internal sealed class GetKeyStatsHandler(RoutingLedger ledger)
    : IRequestHandler<GetKeyStatsQuery, IReadOnlyDictionary<string, KeyStatsResponse>?>
{
    public Task<IReadOnlyDictionary<string, KeyStatsResponse>?> Handle(GetKeyStatsQuery query, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyDictionary<string, KeyStatsResponse>?>(ledger.Keys()?.ToDictionary(
            one => one.Key, one => new KeyStatsResponse(RouteId.Of(one.Hash), one.Answers)));
}
