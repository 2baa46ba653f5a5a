using Gateway.Shared.Errors;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.AuditLog;

[ApiController]
[OperatorOnly]
[Tags("Operator")]
[Produces("application/json")]
public sealed class AuditLogController(IMediator mediator) : ControllerBase
{
    /// <summary>What operators did, newest first: logins, replays, erasures.</summary>
    [HttpGet("v1/events-gateway/audit")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status400BadRequest, "application/problem+json")]
    [ProducesResponseType<ProblemBody>(StatusCodes.Status401Unauthorized, "application/problem+json")]
    public Task<AuditPage> ListAsync([FromQuery] string? limit, [FromQuery] string? cursor, CancellationToken cancellationToken)
        => mediator.Send(new ListAuditRecordsQuery(limit, cursor), cancellationToken);
}
