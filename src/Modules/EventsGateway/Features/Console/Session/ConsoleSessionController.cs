using Gateway.EventsGateway.Audit;
using Gateway.Shared.Errors;
using Gateway.Shared.Http;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.Console.Session;

/// <param name="Name">The name of the operator's key; null without a login.</param>
/// <param name="Role">read, operate or admin: the console shows what it allows; null without a login.</param>
/// <param name="LoginNeeded">The operator API answers 401 until a login.</param>
/// <param name="CanLogOut">False in Development without a key, where no login is needed.</param>
public sealed record ConsoleSessionResponse(string? Name, string? Role, bool LoginNeeded, bool CanLogOut);

/// <summary>A login exchanges the operator's key for a cookie, so that the page does not store the key.</summary>
[ApiController]
[ConsoleArea]
[ApiExplorerSettings(IgnoreApi = true)]
[Route("console/session")]
public sealed class ConsoleSessionController(IMediator mediator, OperatorAccess access) : ControllerBase
{
    [HttpGet]
    public async Task<ConsoleSessionResponse> FindAsync()
    {
        var who = await access.FindAsync(HttpContext);
        return new ConsoleSessionResponse(who?.Name, who?.Role.Text(), who is null, who?.Session is not null);
    }

    [HttpPost]
    [RequestSizeLimit(BodyLimit.Login)]
    public async Task<IActionResult> LogInAsync(LogInDto login)
    {
        // Development without a key needs no login.
        if (!access.NeedsLogin) return NoContent();
        var session = await mediator.Send(new LogInCommand(login, RemoteAddress.Of(HttpContext)), HttpContext.RequestAborted)
            ?? throw new RequestRejectedException(StatusCodes.Status401Unauthorized, "Wrong key");
        SessionCookie.Set(HttpContext, session);
        return NoContent();
    }

    [HttpDelete]
    public async Task<IActionResult> LogOutAsync()
    {
        if (await access.FindAsync(HttpContext) is { Session: { } session } who)
            await mediator.Send(new LogOutCommand(Caller.Of(HttpContext, who), session), CancellationToken.None);
        SessionCookie.Remove(HttpContext);
        return NoContent();
    }
}
