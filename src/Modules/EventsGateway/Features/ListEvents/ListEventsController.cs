using Gateway.EventsGateway.Audit;
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
        => Mediator.Send(new ListEventsQuery(filter, limit, cursor, QueryNames), cancellationToken);

    /// <summary>The number of events that match, at most 10,000.</summary>
    [HttpGet("matches", Name = "countMatches")]
    [ProducesProblem(StatusCodes.Status400BadRequest)]
    public Task<CountMatchesResponse> CountMatchesAsync(
        [FromQuery] EventFilterDto filter, CancellationToken cancellationToken)
        => Mediator.Send(new CountMatchesQuery(filter, QueryNames), cancellationToken);

    /// <summary>
    /// The events that match, newest first, as one JSON object per line; with details=true as in the answer for one event. Events
    /// that arrive meanwhile are not in it. An export that ends early breaks the connection.
    /// </summary>
    [HttpGet("export", Name = "exportEvents")]
    [ProducesResponseType<EventSummaryDto>(StatusCodes.Status200OK, "application/x-ndjson")]
    [ProducesProblem(StatusCodes.Status400BadRequest)]
    public Task ExportAsync(
        [FromQuery] EventFilterDto filter, [FromQuery] string? details, CancellationToken cancellationToken)
        => Mediator.Send(
            new ExportEventsCommand(filter, details, QueryNames, Caller.Of(HttpContext), BeginExport), cancellationToken);

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

    private Stream BeginExport()
    {
        Response.ContentType = "application/x-ndjson";
        Response.Headers.ContentDisposition = "attachment; filename=events.ndjson";
        return Response.Body;
    }
}
