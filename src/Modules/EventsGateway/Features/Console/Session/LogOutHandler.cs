using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Repositories;
using MediatR;

namespace Gateway.EventsGateway.Features.Console.Session;

internal sealed record LogOutCommand(Caller By) : IRequest;

internal sealed class LogOutHandler(AuditWriter audit, TimeProvider time) : IRequestHandler<LogOutCommand>
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
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1);

    public static async Task NoteSoonAsync(this AuditWriter audit, Caller by, string action, string result, TimeProvider time)
        => await audit.NoteAsync(by, action, "console", result).WaitAsync(Timeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
