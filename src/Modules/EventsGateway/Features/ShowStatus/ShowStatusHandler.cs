using Gateway.EventsGateway.Findings;
using MediatR;

namespace Gateway.EventsGateway.Features.ShowStatus;

internal sealed record ShowStatusQuery : IRequest<StatusDto>;

internal sealed class ShowStatusHandler(CurrentStatus status) : IRequestHandler<ShowStatusQuery, StatusDto>
{
    public Task<StatusDto> Handle(ShowStatusQuery request, CancellationToken cancellationToken) => Task.FromResult(status.Latest);
}
