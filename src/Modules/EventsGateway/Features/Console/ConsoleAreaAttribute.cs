using Gateway.Shared.Operator;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Features.Console;

/// <summary>What is said before anybody has logged in: 404 where nobody can, and headers that keep the page to itself.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ConsoleAreaAttribute : Attribute, IAuthorizationFilter
{
    // Nothing inline, nothing from elsewhere, in nobody's frame: what a courier wrote is shown here, and must stay text.
    private const string Policy = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public void OnAuthorization(AuthorizationFilterContext context)
    {
        var http = context.HttpContext;
        http.Response.OnStarting(GuardAsync, http);
        http.RequestServices.GetRequiredService<OperatorAccess>().ShouldBeThere(http);
    }

    // At the last moment: a problem's answer begins with empty headers.
    private static Task GuardAsync(object http)
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
