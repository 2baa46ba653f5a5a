using Gateway.Shared.Operator;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Features.Console;

/// <summary>Guards pages that need no login: 404 where no login is possible, and headers that isolate the page.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ConsoleAreaAttribute : Attribute, IAuthorizationFilter
{
    // The console shows texts of senders, so it runs no inline or foreign script and cannot be framed.
    private const string Policy =
        "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public void OnAuthorization(AuthorizationFilterContext context)
    {
        var http = context.HttpContext;
        http.Response.OnStarting(AddHeadersAsync, http);
        http.RequestServices.GetRequiredService<OperatorAccess>().EnsureAvailable(http);
    }

    // Just before the response starts, because an error response clears the headers.
    private static Task AddHeadersAsync(object http)
    {
        var headers = ((HttpContext)http).Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        if (headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}
