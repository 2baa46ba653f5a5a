using System.Net;
using System.Text.Json.Serialization;
using FluentValidation;
using Gateway.EventsGateway.Audit;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Operator;
using MediatR;

namespace Gateway.EventsGateway.Features.Console.Session;

[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record LogInDto
{
    /// <summary>The name for the audit log.</summary>
    public string? Name { get; init; }

    /// <summary>The operator's key.</summary>
    public string? Key { get; init; }
}

internal sealed record LogInCommand(LogInDto Login, IPAddress? From) : IRequest<LogInResult>;

/// <param name="IsIn">The key was right.</param>
/// <param name="Wait">After too many wrong keys: how long to wait before the next try.</param>
internal readonly record struct LogInResult(bool IsIn, TimeSpan Wait);

internal sealed class LogInValidator : AbstractValidator<LogInCommand>
{
    public LogInValidator()
    {
        RuleFor(command => command.Login.Name).Must(OperatorIdentity.IsName)
            .OverridePropertyName("name").WithMessage(
                $"name must have 1 to {OperatorIdentity.MaxNameLength} printable characters");
        RuleFor(command => command.Login.Key).NotNull().OverridePropertyName("key").WithMessage("key must be a string");
    }
}

internal sealed class LogInHandler(OperatorAccess access, LoginThrottle throttle, AuditWriter audit, TimeProvider time)
    : IRequestHandler<LogInCommand, LogInResult>
{
    public async Task<LogInResult> Handle(LogInCommand request, CancellationToken cancellationToken)
    {
        var isRight = access.IsKey(request.Login.Key!);
        var wait = isRight ? TimeSpan.Zero : throttle.Add(request.From);
        var by = new Caller(request.Login.Name!, request.From?.ToString() ?? "");
        if (isRight) await audit.RecordSessionAsync(by, AuditAction.Login, "logged in", time);
        else if (throttle.IsFirstOfHour(request.From))
            await audit.RecordSessionAsync(by, AuditAction.LoginRejected, ReasonOf(wait), time);
        return new LogInResult(isRight, wait);
    }

    private static string ReasonOf(TimeSpan wait) => wait > TimeSpan.Zero ? "too many wrong keys" : "wrong key";
}
