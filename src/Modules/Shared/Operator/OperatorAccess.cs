using System.Net;
using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Gateway.Shared.Operator;

/// <summary>
/// Decides who is an operator: a request with the key of one, one with the cookie of a login, or, in Development without a key, a
/// request from loopback.
/// </summary>
public sealed class OperatorAccess(OperatorKeys keys, OperatorSessions sessions, KeyGuard guard, IHostEnvironment environment)
{
    public const string KeyHeader = "X-Api-Key";

    /// <summary>Pages of other sites cannot send it: the gateway allows no CORS preflight request.</summary>
    public const string ConsoleHeader = "X-Gateway-Console";

    private static readonly OperatorIdentity Developer
        = new(OperatorIdentity.Developer, OperatorRole.Admin, OperatorIdentity.Developer);

    public bool NeedsLogin => keys.All.Count > 0;

    /// <summary>Outside Development the operator API needs a key; without one all its routes answer 404.</summary>
    public bool IsOff => !NeedsLogin && !environment.IsDevelopment();

    /// <summary>Answers 404 if the operator API is off, or open to loopback only and the request is not local.</summary>
    public void EnsureAvailable(HttpContext http)
    {
        if (!IsAvailable(http))
            throw new RequestRejectedException(StatusCodes.Status404NotFound, ProblemBody.CannotServe(http));
    }

    /// <summary>The operator of a request; null without a valid key or login. Answers cross-site requests with 403.</summary>
    public async ValueTask<OperatorIdentity?> FindAsync(HttpContext http)
    {
        EnsureAvailable(http);
        if (!NeedsLogin) return Developer;
        if (http.Request.Headers.TryGetValue(KeyHeader, out var given))
        {
            var (key, _) = await CheckAsync(
                given.ToString(), RemoteAddress.Of(http), isLogin: false, http.RequestAborted);
            return key is null ? null : new OperatorIdentity(key.Name, key.Role, OperatorIdentity.Key);
        }

        if (SessionCookie.Of(http) is not { } session || sessions.Find(session) is not { } who) return null;
        return MayBeCrossSite(http.Request)
            ? throw new RequestRejectedException(
                StatusCodes.Status403Forbidden,
                $"Not sent by the console: {ConsoleHeader} is missing, or the request is cross-site")
            : who;
    }

    /// <summary>Whether the request has a valid key or login; never throws.</summary>
    public async ValueTask<bool> IsOperatorAsync(HttpContext http)
    {
        try
        {
            return IsAvailable(http) && await FindAsync(http) is not null;
        }
        catch (RequestRejectedException)
        {
            return false;
        }
    }

    /// <summary>The key, or null where it is wrong; and whether it is the first wrong one of the address in an hour.</summary>
    public async ValueTask<(OperatorKey? Key, bool IsFirstWrong)> CheckAsync(
        string given, IPAddress? from, bool isLogin, CancellationToken cancellationToken)
    {
        await guard.WaitAsync(from, cancellationToken);
        if (keys.Find(given) is not { } key) return (null, guard.AddWrong(from, given, isLogin));
        guard.AddRight(from);
        return (key, false);
    }

    /// <summary>Whether the operator of an open stream still is one: the key is there and the session has not ended.</summary>
    public Func<bool> IsStillIn(HttpContext http)
    {
        var (given, session) = (http.Request.Headers[KeyHeader].ToString(), SessionCookie.Of(http));
        return () => !NeedsLogin || keys.Find(given) is not null
            || (session is not null && sessions.Find(session) is not null);
    }

    private bool IsAvailable(HttpContext http) => NeedsLogin || (!IsOff && IsLocal(http));

    /// <summary>
    /// The request comes from this machine, but not from a page of another site in its browser: the host is checked, because the
    /// name of another site may resolve to loopback (DNS rebinding).
    /// </summary>
    private static bool IsLocal(HttpContext http)
        => http.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
           && http.Request.Host.Host.ToLowerInvariant() is "localhost" or "127.0.0.1" or "[::1]"
           && http.Request.Headers["Sec-Fetch-Site"].ToString() is "" or "none" or "same-origin" or "same-site";

    private static bool MayBeCrossSite(HttpRequest request)
        => !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method)
           && (request.Headers[ConsoleHeader] != "1"
               || request.Headers["Sec-Fetch-Site"].ToString() is not ("" or "same-origin"));
}
