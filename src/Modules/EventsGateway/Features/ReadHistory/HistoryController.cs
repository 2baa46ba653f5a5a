using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.ReadHistory;

[NeedsRole(OperatorRole.Read)]
public sealed class HistoryController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>
    /// What the processes have counted and measured: by 10 s for 24 hours, by 5 minutes for 30 days, in at most 1,000 points.
    /// Points without a record have 0 seconds and no values.
    /// </summary>
    /// <param name="source">Only the counts of this source; <c>gateway</c> is the built-in one.</param>
    /// <param name="process">Only of this process, by its id or host in the list of processes.</param>
    /// <param name="from">ISO 8601; an hour before <c>to</c> if it is missing.</param>
    /// <param name="to">ISO 8601; now if it is missing.</param>
    /// <param name="step">The least seconds of a point; the answer names those that it has.</param>
    /// <param name="cancellationToken">Of the request.</param>
    [HttpGet("v1/events-gateway/history", Name = "readHistory")]
    [ProducesProblem(StatusCodes.Status400BadRequest)]
    public Task<HistoryDto> ReadAsync(
        [FromQuery] string? source, [FromQuery] string? process, [FromQuery] string? from, [FromQuery] string? to,
        [FromQuery] string? step, CancellationToken cancellationToken)
        => Mediator.Send(new ReadHistoryQuery(source, process, from, to, step), cancellationToken);
}
