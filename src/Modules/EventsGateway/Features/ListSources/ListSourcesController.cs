using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.ListSources;

[NeedsRole(OperatorRole.Read)]
public sealed class ListSourcesController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>
    /// The configured sources: how their requests are verified, what they have sent to this process since its start, and what an
    /// operator should look at.
    /// </summary>
    [HttpGet("v1/events-gateway/sources", Name = "listSources")]
    public Task<SourceList> ListAsync(CancellationToken cancellationToken)
        => Mediator.Send(new ListSourcesQuery(), cancellationToken);

    /// <summary>One of them.</summary>
    [HttpGet("v1/events-gateway/sources/{name}", Name = "findSource")]
    [ProducesProblem(StatusCodes.Status404NotFound)]
    public async Task<SourceDto> FindAsync(string name, CancellationToken cancellationToken)
    {
        var all = await Mediator.Send(new ListSourcesQuery(), cancellationToken);
        return all.Items.FirstOrDefault(source => source.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new RequestRejectedException(StatusCodes.Status404NotFound, $"There is no source {name}");
    }
}
