using Gateway.EventsGateway.Entities;
using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.ListEvents;

/// <summary>What operators ask.</summary>
[ApiController]
[OperatorOnly]
[Tags("Operator")]
[Route("v1/events-gateway/events")]
[Produces("application/json")]
[ProducesResponseType<ProblemBody>(StatusCodes.Status401Unauthorized, "application/problem+json")]
public sealed class ListEventsController(IMediator mediator) : ControllerBase
{
    /// <summary>Events, newest first by the time of receipt, then by key.</summary>
    [HttpGet]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status400BadRequest, "application/problem+json")]
    public Task<EventPage> ListAsync(
        [FromQuery] EventFilterDto filter, [FromQuery] string? limit, [FromQuery] string? cursor, CancellationToken cancellationToken)
        => mediator.Send(new ListEventsQuery(filter, limit, cursor, [.. Request.Query.SelectMany(parameter => parameter.Value.Select(_ => parameter.Key))]), cancellationToken);

    /// <summary>How many events there are in each status, from one snapshot.</summary>
    [HttpGet("counts")]
    public Task<EventCountsView> CountAsync(CancellationToken cancellationToken)
        => mediator.Send(new CountEventsQuery(), cancellationToken);

    /// <summary>One event with its signed body and its attempts.</summary>
    [HttpGet("{key}")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status404NotFound, "application/problem+json")]
    public async Task<EventDetail> FindAsync(string key, CancellationToken cancellationToken)
        => await mediator.Send(new FindEventQuery(key), cancellationToken)
           ?? throw new RequestRejectedException(StatusCodes.Status404NotFound, EventKey.TryParse(key, out _)
               ? $"There is no event {key}"
               : $"There is no event {key}: a key is its shippingCompanyId and its eventId, escaped, with a dot between");
}
