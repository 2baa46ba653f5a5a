using System.Net;
using FluentValidation;
using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Operator;
using MediatR;

namespace Gateway.EventsGateway.Features.Console.Session;

/// <param name="Key">The operator's key. Other members are ignored: consoles of before sent a name.</param>
public sealed record LogInDto(string? Key);

/// <summary>The text of the session; null with a wrong key.</summary>
internal sealed record LogInCommand(LogInDto Login, IPAddress? From) : IRequest<string?>;

internal sealed class LogInValidator : AbstractValidator<LogInCommand>
{
    public LogInValidator()
        => RuleFor(command => command.Login.Key).NotNull().OverridePropertyName("key").WithMessage("key must be a string");
}

internal sealed class LogInHandler(OperatorAccess access, OperatorSessions sessions, AuditWriter audit, TimeProvider time)
    : IRequestHandler<LogInCommand, string?>
{
    public async Task<string?> Handle(LogInCommand request, CancellationToken cancellationToken)
    {
        var (key, isFirstWrong) = await access.CheckAsync(
            request.Login.Key!, request.From, isLogin: true, cancellationToken);
        var from = request.From?.ToString() ?? "";
        if (key is null)
        {
            // One record per address and hour, so that guessing keys does not fill the store.
            if (isFirstWrong)
            {
                await audit.RecordSessionAsync(
                    new Caller("unknown", from), AuditAction.LoginRejected, "console", "wrong key", time);
            }

            return null;
        }

        var (text, id) = sessions.Begin(key);
        await audit.RecordSessionAsync(
            new Caller(key.Name, from), AuditAction.Login, SessionAudit.TextOf(id), $"logged in as {key.Role.Text()}", time);
        return text;
    }
}
