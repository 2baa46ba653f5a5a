using Gateway.EventsGateway.Entities;
using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.ListEvents;

[NeedsRole(OperatorRole.Read)]
[Route("v1/events-gateway/events")]
[ProducesProblem(StatusCodes.Status503ServiceUnavailable)]
public sealed class ListEventsController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>Events, newest first by the time of receipt, then by key.</summary>
    [HttpGet(Name = "listEvents")]
    [ProducesProblem(StatusCodes.Status400BadRequest)]
    public Task<ListEventsResponse> ListAsync(
        [FromQuery] EventFilterDto filter, [FromQuery] string? limit, [FromQuery] string? cursor,
        CancellationToken cancellationToken)
    {
        string[] names = [.. Request.Query.SelectMany(parameter => parameter.Value.Select(_ => parameter.Key))];
        return Mediator.Send(new ListEventsQuery(filter, limit, cursor, names), cancellationToken);
    }

    /// <summary>The number of events in each status, from one snapshot.</summary>
    [HttpGet("counts", Name = "countEvents")]
    public Task<CountEventsResponse> CountAsync(CancellationToken cancellationToken)
        => Mediator.Send(new CountEventsQuery(), cancellationToken);

    /// <summary>One event with its signed body and its attempts.</summary>
    [HttpGet("{key}", Name = "findEvent")]
    [ProducesProblem(StatusCodes.Status404NotFound)]
    public async Task<EventDetailDto> FindAsync(string key, CancellationToken cancellationToken)
        => await Mediator.Send(new FindEventQuery(key), cancellationToken)
           ?? throw new RequestRejectedException(StatusCodes.Status404NotFound, EventKey.TryParse(key, out _)
               ? $"There is no event {key}"
               : $"There is no event {key}: a key is its shippingCompanyId and its eventId, escaped and separated by a dot");
}
