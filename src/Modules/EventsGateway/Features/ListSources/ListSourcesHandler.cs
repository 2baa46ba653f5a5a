using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Sources;
using MediatR;

namespace Gateway.EventsGateway.Features.ListSources;

/// <param name="Items">The built-in source first, the others by name.</param>
/// <param name="Errors">Why a newer file of sources is not used; empty while it is.</param>
public sealed record SourceList(IReadOnlyList<SourceDto> Items, IReadOnlyList<string> Errors);

internal sealed record ListSourcesQuery : IRequest<SourceList>;

internal sealed class ListSourcesHandler(CurrentSources sources, SourceLedger ledger, TimeProvider time)
    : IRequestHandler<ListSourcesQuery, SourceList>
{
    public Task<SourceList> Handle(ListSourcesQuery request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var builtIn = new SourceDto(
            sources.Table.BuiltInSecrets, ledger.Of(CanonicalEvent.BuiltInSource).Read(), now);
        return Task.FromResult(new SourceList(
            [
                builtIn,
                .. sources.Table.All.OrderBy(source => source.Name, StringComparer.Ordinal)
                    .Select(source => new SourceDto(source, ledger.Of(source.Name).Read(), now)),
            ],
            sources.Errors));
    }
}
