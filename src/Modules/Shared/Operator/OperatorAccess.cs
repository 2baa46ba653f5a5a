using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gateway.Shared.Errors;
using Gateway.Shared.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.Shared.Operator;

/// <summary>
/// Decides who is an operator: a request with the operator's key, one with the cookie of a login, or, in Development without a
/// key, a request from loopback.
/// </summary>
public sealed class OperatorAccess(IOptions<OperatorOptions> options, OperatorSessions sessions, IHostEnvironment environment)
{
    public const string KeyHeader = "X-Api-Key";
    public const string NameHeader = "X-Operator";
    public const string Cookie = "gateway-console";

    /// <summary>Pages of other sites cannot send it: the gateway allows no CORS preflight request.</summary>
    public const string ConsoleHeader = "X-Gateway-Console";

    private readonly string _key = options.Value.ApiKey;

    public bool NeedsLogin => _key.Length > 0;

    /// <summary>Outside Development the operator API needs a key; without one all its routes answer 404.</summary>
    public bool IsOff => !NeedsLogin && !environment.IsDevelopment();

    // Compares hashes: FixedTimeEquals returns at once for different lengths, which would reveal the length of the key.
    public bool IsKey(string given)
        => NeedsLogin && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(_key)));

    /// <summary>Answers 404 if the operator API is off, or open to loopback only and the request is not local.</summary>
    public void EnsureAvailable(HttpContext http)
    {
        if (NeedsLogin || (!IsOff && IsLocal(http))) return;
        throw new RequestRejectedException(StatusCodes.Status404NotFound, ProblemBody.CannotServe(http));
    }

    /// <summary>The operator of a request; null without a valid key or login. Answers cross-site requests with 403.</summary>
    public OperatorIdentity? Find(HttpContext http)
    {
        EnsureAvailable(http);
        if (!NeedsLogin)
            return new OperatorIdentity(NameOf(http.Request, OperatorIdentity.Developer), OperatorIdentity.Developer);
        if (http.Request.Headers.TryGetValue(KeyHeader, out var key))
            return IsKey(key.ToString()) ? new OperatorIdentity(NameOf(http.Request, "api-key"), OperatorIdentity.Key) : null;
        if (http.Request.Cookies[Cookie] is not { } session || sessions.NameIn(session) is not { } name) return null;
        return MayBeCrossSite(http.Request)
            ? throw new RequestRejectedException(
                StatusCodes.Status403Forbidden,
                $"Not sent by the console: {ConsoleHeader} is missing, or the request is cross-site")
            : new OperatorIdentity(name, OperatorIdentity.Console);
    }

    public void LogIn(HttpContext http, string name)
        => http.Response.Cookies.Append(Cookie, sessions.Begin(name), CookieFor(http));

    public static void LogOut(HttpContext http) => http.Response.Cookies.Delete(Cookie, CookieFor(http));

    private static CookieOptions CookieFor(HttpContext http)
        => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = IsHttpsToBrowser(http.Request), Path = "/" };

    // If a client forges the header, only the cookie in its own response becomes stricter.
    private static bool IsHttpsToBrowser(HttpRequest request)
        => request.IsHttps
            || request.Headers["X-Forwarded-Proto"].ToString().Contains("https", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// The request comes from this machine, but not from a page of another site in its browser: the host is checked, because the
    /// name of another site may resolve to loopback (DNS rebinding).
    /// </summary>
    private static bool IsLocal(HttpContext http)
        => http.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
           && http.Request.Host.Host.ToLowerInvariant() is "localhost" or "127.0.0.1" or "[::1]"
           && http.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "none" or "same-origin" or "same-site";

    private static string NameOf(HttpRequest request, string fallback)
        => HeaderText.Of(request.Headers[NameHeader].ToString()) is var name && OperatorIdentity.IsName(name) ? name : fallback;

    private static bool MayBeCrossSite(HttpRequest request)
        => !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
           && (request.Headers[ConsoleHeader] != "1"
               || request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin"));
}
