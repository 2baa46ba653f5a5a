using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Operator;
using MediatR;

namespace Gateway.EventsGateway.Features.Console.Session;

internal sealed record LogOutCommand(Caller By, string Session) : IRequest;

internal sealed class LogOutHandler(OperatorSessions sessions, AuditWriter audit, TimeProvider time)
    : IRequestHandler<LogOutCommand>
{
    public async Task<Unit> Handle(LogOutCommand request, CancellationToken cancellationToken)
    {
        // First here; the other processes read it in the audit log.
        sessions.End(request.Session);
        await audit.RecordSessionAsync(
            request.By, AuditAction.Logout, SessionAudit.TextOf(request.Session), "logged out", time);
        return Unit.Value;
    }
}
