using System.Globalization;
using Gateway.EventsGateway.Audit;
using Gateway.Shared.Errors;
using Gateway.Shared.Http;
using Gateway.Shared.Operator;
using MediatR;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.EventsGateway.Features.Console.Session;

/// <param name="Name">The name of the operator; null without a login.</param>
/// <param name="LoginNeeded">The operator API answers 401 until a login.</param>
/// <param name="CanLogOut">False in Development without a key, where no login is needed.</param>
public sealed record ConsoleSessionResponse(string? Name, bool LoginNeeded, bool CanLogOut);

/// <summary>A login exchanges the operator's key for a cookie, so that the page does not store the key.</summary>
[ApiController]
[ConsoleArea]
[ApiExplorerSettings(IgnoreApi = true)]
[Route("console/session")]
public sealed class ConsoleSessionController(IMediator mediator, OperatorAccess access) : ControllerBase
{
    [HttpGet]
    public ConsoleSessionResponse Find()
    {
        var who = access.Find(HttpContext);
        return new ConsoleSessionResponse(who?.Name, who is null, who?.Kind == OperatorIdentity.Console);
    }

    [HttpPost]
    [RequestSizeLimit(BodyLimit.Login)]
    public async Task<IActionResult> LogInAsync(LogInDto login)
    {
        // Development without a key needs no login.
        if (!access.NeedsLogin) return NoContent();
        var result = await mediator.Send(new LogInCommand(login, RemoteAddress.Of(HttpContext)), CancellationToken.None);
        if (result.Wait > TimeSpan.Zero) return await TooManyAsync(result.Wait);
        if (!result.IsIn) throw new RequestRejectedException(StatusCodes.Status401Unauthorized, "Wrong key");
        access.LogIn(HttpContext, login.Name!);
        return NoContent();
    }

    [HttpDelete]
    public async Task<IActionResult> LogOutAsync()
    {
        if (access.Find(HttpContext) is { Kind: OperatorIdentity.Console } who)
            await mediator.Send(new LogOutCommand(Caller.Of(HttpContext, who)), CancellationToken.None);
        OperatorAccess.LogOut(HttpContext);
        return NoContent();
    }

    private async Task<IActionResult> TooManyAsync(TimeSpan wait)
    {
        Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await ProblemBody.WriteAsync(HttpContext, StatusCodes.Status429TooManyRequests, "Too many wrong keys");
        return new EmptyResult();
    }
}
