using Gateway.EventsGateway.Audit;
using MediatR;

namespace Gateway.EventsGateway.Features.ShowConsole;

internal sealed record LogOutCommand(Caller By) : IRequest;

internal sealed class LogOutHandler(AuditTrail audit, TimeProvider time) : IRequestHandler<LogOutCommand>
{
    public async Task<Unit> Handle(LogOutCommand request, CancellationToken cancellationToken)
    {
        await audit.NoteSoonAsync(request.By, AuditAction.Logout, "left", time);
        return Unit.Value;
    }
}

internal static class ConsoleNotes
{
    // An operator must get in, and out, while the store hangs; what it has not said by then it may still write.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static async Task NoteSoonAsync(this AuditTrail audit, Caller by, string action, string result, TimeProvider time)
        => await audit.NoteAsync(by, action, "console", result).WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
