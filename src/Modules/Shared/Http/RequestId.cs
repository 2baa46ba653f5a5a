using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Gateway.Shared.Http;

/// <summary>
/// The id of a request, in every answer: the sender's where it is a plain one, else the server's. It is the trace identifier of
/// ASP.NET Core, so that scopes of log lines have it too.
/// </summary>
public static class RequestId
{
    public const string Header = "x-request-id";

    private const int MaxLength = 128;

    // It is repeated in headers, answers, logs and pages.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:/+=@");

    /// <summary>The sender's id; null where there is none, or another one than a plain one.</summary>
    public static string? SentIn(IHeaderDictionary headers) => headers[Header] is [{ } sent] && IsPlain(sent) ? sent : null;

    public static bool IsPlain(string id) => id.Length is > 0 and <= MaxLength && !id.AsSpan().ContainsAnyExcept(Plain);

    /// <summary>Before everything that may answer.</summary>
    public static void UseRequestIds(this IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        if (SentIn(http.Request.Headers) is { } sent) http.TraceIdentifier = sent;
        // On starting: an error clears the headers, and an accepted event gives the answer its own id.
        http.Response.OnStarting(static state => AddAsync((HttpContext)state), http);
        return next(http);
    });

    public static void AddTo(HttpContext http) => http.Response.Headers[Header] = http.TraceIdentifier;

    private static Task AddAsync(HttpContext http)
    {
        AddTo(http);
        return Task.CompletedTask;
    }
}
