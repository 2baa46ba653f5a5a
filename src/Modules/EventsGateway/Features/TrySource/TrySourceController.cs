using Gateway.Shared.Errors;
using Gateway.Shared.Http;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.TrySource;

[NeedsRole(OperatorRole.Operate)]
public sealed class TrySourceController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>
    /// What a request would be to a source: handshake, proof, timestamp, and the events that its mapping makes. Stores
    /// and counts nothing.
    /// </summary>
    [HttpPost("v1/events-gateway/sources/{name}/try", Name = "trySource")]
    [RequestSizeLimit(BodyLimit.Try)]
    [ProducesProblem(StatusCodes.Status400BadRequest)]
    [ProducesProblem(StatusCodes.Status404NotFound)]
    public async Task<TrySourceResponse> TryAsync(string name, TrySourceDto request, CancellationToken cancellationToken)
        => await Mediator.Send(new TrySourceQuery(name, request), cancellationToken)
            ?? throw new RequestRejectedException(StatusCodes.Status404NotFound, $"There is no source {name}");
}
