using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.AuditLog;

[NeedsRole(OperatorRole.Read)]
[ProducesProblem(StatusCodes.Status503ServiceUnavailable)]
public sealed class AuditLogController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>Actions of operators, newest first: logins, replays, erasures.</summary>
    [HttpGet("v1/events-gateway/audit", Name = "listAuditEntries")]
    [ProducesProblem(StatusCodes.Status400BadRequest)]
    public Task<AuditLogResponse> ListAsync(
        [FromQuery] string? limit, [FromQuery] string? cursor, CancellationToken cancellationToken)
        => Mediator.Send(new AuditLogQuery(limit, cursor), cancellationToken);
}
