using System.Text.Json.Serialization;
using MediatR;

namespace Gateway.RoutingService.Stats;

/// <summary>Every answered key by its text; null if the stub does not keep texts.</summary>
internal sealed record GetKeyStatsQuery : IRequest<IReadOnlyDictionary<string, KeyStatsResponse>?>;

/// <param name="RouteId">The route of the key.</param>
/// <param name="Answers">The number of answers with <c>routed:true</c>.</param>
public sealed record KeyStatsResponse(
    [property: JsonPropertyName("routeId")] string RouteId,
    [property: JsonPropertyName("answers")] int Answers);

internal sealed class GetKeyStatsHandler(RoutingLedger ledger)
    : IRequestHandler<GetKeyStatsQuery, IReadOnlyDictionary<string, KeyStatsResponse>?>
{
    public Task<IReadOnlyDictionary<string, KeyStatsResponse>?> Handle(
        GetKeyStatsQuery query, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyDictionary<string, KeyStatsResponse>?>(ledger.Keys()?.ToDictionary(
            entry => entry.Key, entry => new KeyStatsResponse(RouteId.Of(entry.Hash), entry.Answers)));
}
