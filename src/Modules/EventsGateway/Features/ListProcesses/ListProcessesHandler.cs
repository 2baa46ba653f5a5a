using Gateway.EventsGateway.Monitoring.Processes;
using MediatR;

namespace Gateway.EventsGateway.Features.ListProcesses;

internal sealed record ListProcessesQuery : IRequest<ProcessList>;

internal sealed class ListProcessesHandler(ProcessHeartbeat heartbeat) : IRequestHandler<ListProcessesQuery, ProcessList>
{
    public Task<ProcessList> Handle(ListProcessesQuery request, CancellationToken cancellationToken)
        => Task.FromResult(heartbeat.Latest);
}
