using Gateway.Shared.Operator;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Features.Console;

/// <summary>For actions without a login: 404 where the console is not available, and security headers.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ConsoleAreaAttribute : Attribute, IAuthorizationFilter, IManagementEndpoint
{
    // No inline code, other hosts or frames: the console shows text from senders, which must not run.
    private const string Policy =
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public void OnAuthorization(AuthorizationFilterContext context)
    {
        var http = context.HttpContext;
        SessionCookie.ProtectAnswer(http);
        http.Response.OnStarting(AddHeadersAsync, http);
        http.RequestServices.GetRequiredService<OperatorAccess>().EnsureAvailable(http);
    }

    // Added when the response starts, because the exception handler clears headers that were set before.
    private static Task AddHeadersAsync(object http)
    {
        var headers = ((HttpContext)http).Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        return Task.CompletedTask;
    }
}
