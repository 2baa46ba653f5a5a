using Microsoft.AspNetCore.Http;

namespace Gateway.Shared.Operator;

/// <summary>The cookie of a login, and the headers of answers with data of operators.</summary>
public static class SessionCookie
{
    private const string Name = "gateway-console";

    public static string? Of(HttpContext http) => http.Request.Cookies[NameFor(http)];

    public static void Set(HttpContext http, string session)
        => http.Response.Cookies.Append(NameFor(http), session, OptionsFor(http));

    public static void Remove(HttpContext http) => http.Response.Cookies.Delete(NameFor(http), OptionsFor(http));

    /// <summary>When the response starts, because an error clears headers that were set before.</summary>
    public static void ProtectAnswer(HttpContext http) => http.Response.OnStarting(
        static state =>
        {
            var (headers, request) = (((HttpContext)state).Response.Headers, ((HttpContext)state).Request);
            headers.XContentTypeOptions = "nosniff";
            if (headers.CacheControl.Count == 0) headers.CacheControl = "no-store";
            if (IsHttpsToBrowser(request)) headers.StrictTransportSecurity = "max-age=31536000";
            return Task.CompletedTask;
        },
        http);

    /// <summary>Over TLS with the prefix that browsers accept from this host alone, and not from a page without TLS.</summary>
    private static string NameFor(HttpContext http) => IsHttpsToBrowser(http.Request) ? $"__Host-{Name}" : Name;

    private static CookieOptions OptionsFor(HttpContext http)
        => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = IsHttpsToBrowser(http.Request), Path = "/" };

    // If a client forges the header, only the answer to itself becomes stricter.
    private static bool IsHttpsToBrowser(HttpRequest request)
        => request.IsHttps
            || request.Headers["X-Forwarded-Proto"].ToString().Contains("https", StringComparison.OrdinalIgnoreCase);
}
