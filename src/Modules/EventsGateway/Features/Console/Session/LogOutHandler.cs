using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Repositories;
using MediatR;

namespace Gateway.EventsGateway.Features.Console.Session;

internal sealed record LogOutCommand(Caller By) : IRequest;

internal sealed class LogOutHandler(AuditWriter audit, TimeProvider time) : IRequestHandler<LogOutCommand>
{
    public async Task<Unit> Handle(LogOutCommand request, CancellationToken cancellationToken)
    {
        await audit.RecordSessionAsync(request.By, AuditAction.Logout, "logged out", time);
        return Unit.Value;
    }
}
