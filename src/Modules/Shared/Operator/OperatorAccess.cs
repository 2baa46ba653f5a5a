using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.Shared.Operator;

/// <summary>Who is let in as an operator: whoever sends the key, whoever has logged in with it, and a developer at home.</summary>
public sealed class OperatorAccess(IOptions<OperatorOptions> options, OperatorSessions sessions, IHostEnvironment environment)
{
    public const string KeyHeader = "X-Api-Key";
    public const string NameHeader = "X-Operator";
    public const string Cookie = "gateway-console";

    /// <summary>No foreign page can send it: it would have to ask first (CORS), and nobody says yes.</summary>
    public const string ConsoleHeader = "X-Gateway-Console";

    private readonly string _key = options.Value.ApiKey;

    public bool NeedsLogin => _key.Length > 0;

    /// <summary>Outside Development nothing of an operator's is there without a key.</summary>
    public bool IsOff => !NeedsLogin && !environment.IsDevelopment();

    // Hashed first: FixedTimeEquals answers at once when the lengths differ, which would tell the key's length.
    public bool IsKey(string given)
        => NeedsLogin && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given)), SHA256.HashData(Encoding.UTF8.GetBytes(_key)));

    /// <summary>404 where there is nothing to be let in to.</summary>
    public void ShouldBeThere(HttpContext http)
    {
        if (NeedsLogin || (!IsOff && IsAtHome(http))) return;
        throw new RequestRejectedException(StatusCodes.Status404NotFound, ProblemBody.CannotServe(http));
    }

    /// <summary>Null where nobody is let in yet; a request that a foreign page made in an operator's name is answered 403.</summary>
    public OperatorIdentity? Find(HttpContext http)
    {
        ShouldBeThere(http);
        if (!NeedsLogin) return new OperatorIdentity(NameOf(http.Request, OperatorIdentity.Developer), OperatorIdentity.Developer);
        if (http.Request.Headers.TryGetValue(KeyHeader, out var key))
            return IsKey(key.ToString()) ? new OperatorIdentity(NameOf(http.Request, "api-key"), OperatorIdentity.Key) : null;
        if (http.Request.Cookies[Cookie] is not { } session || sessions.NameIn(session) is not { } name) return null;
        return MayBeForeign(http.Request)
            ? throw new RequestRejectedException(StatusCodes.Status403Forbidden, $"Not from the console ({ConsoleHeader} is missing, or another site asks)")
            : new OperatorIdentity(name, OperatorIdentity.Console);
    }

    public void LogIn(HttpContext http, string name) => http.Response.Cookies.Append(Cookie, sessions.Begin(name), CookieFor(http));

    public static void LogOut(HttpContext http) => http.Response.Cookies.Delete(Cookie, CookieFor(http));

    private static CookieOptions CookieFor(HttpContext http)
        => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Secure = IsHttpsToBrowser(http.Request), Path = "/" };

    // Anybody may say so: it makes the cookie of his own answer stricter and nothing else.
    private static bool IsHttpsToBrowser(HttpRequest request)
        => request.IsHttps || request.Headers["X-Forwarded-Proto"].ToString().Contains("https", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// On this machine, and not by way of a page of somebody else: his name may lead here (DNS rebinding), and his page's
    /// requests come from here too.
    /// </summary>
    private static bool IsAtHome(HttpContext http)
        => http.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
           && http.Request.Host.Host.ToLowerInvariant() is "localhost" or "127.0.0.1" or "[::1]"
           && http.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "none" or "same-origin" or "same-site";

    private static string NameOf(HttpRequest request, string nobody)
        => request.Headers[NameHeader].ToString() is var name && OperatorIdentity.IsName(name) ? name : nobody;

    private static bool MayBeForeign(HttpRequest request)
        => !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
           && (request.Headers[ConsoleHeader] != "1" || request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin"));
}
