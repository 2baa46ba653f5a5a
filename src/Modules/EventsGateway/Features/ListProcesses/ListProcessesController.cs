using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.ListProcesses;

[NeedsRole(OperatorRole.Read)]
public sealed class ListProcessesController(IMediator mediator) : OperatorController(mediator)
{
    /// <summary>
    /// The processes of this gateway: role, version, state with reasons, and rates. Each publishes its state every 5 s; one that
    /// stopped is listed for 10 minutes, one that is missing for a day.
    /// </summary>
    [HttpGet("v1/events-gateway/processes", Name = "listProcesses")]
    public Task<ProcessList> ListAsync(CancellationToken cancellationToken)
        => Mediator.Send(new ListProcessesQuery(), cancellationToken);
}
