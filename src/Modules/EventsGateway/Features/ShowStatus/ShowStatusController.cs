using Gateway.EventsGateway.Findings;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.ShowStatus;

[NeedsRole(OperatorRole.Read)]
public sealed class ShowStatusController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>
    /// The state of the gateway, at most a second old: healthy only while no rule is crossed. Each finding says who is concerned,
    /// since when, and what to do. Findings of other processes are some seconds older.
    /// </summary>
    [HttpGet("v1/events-gateway/status", Name = "showStatus")]
    public Task<StatusDto> ShowAsync(CancellationToken cancellationToken)
        => Mediator.Send(new ShowStatusQuery(), cancellationToken);
}
