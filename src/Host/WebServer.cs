using System.Text;
using Gateway.Shared.Errors;
using Gateway.Shared.Http;
using Gateway.Shared.Options;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Gateway.Host;

/// <summary>Kestrel: what a client costs before it is known, and whose word counts for its address.</summary>
internal static class WebServer
{
    /// <summary>
    /// Bytes that a connection may send ahead while its request is answered. Twice the headers' limit of 32 KiB: with the
    /// server's own 1 MiB, 2,400 clients that read no answer would hold 2.4 GB.
    /// </summary>
    private const int SentAhead = 64 * 1024;

    public static void AddWebServer(this WebApplicationBuilder builder)
    {
        builder.Services.AddValidatedOptions<HttpOptions>(HttpOptions.Section);
        builder.Services.AddOptions<KestrelServerOptions>().Configure<IOptions<HttpOptions>>((kestrel, http) =>
        {
            kestrel.AddServerHeader = false;
            // Every byte is legal in a header (obs-text, RFC 9110), and the original read Latin-1. As UTF-8, Kestrel would reject
            // the requests of senders that write é as one byte, and a byte above 0x7F in a signature would be no 401 (R14).
            kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
            kestrel.Limits.MaxConcurrentConnections = http.Value.MaxConnections;
            kestrel.Limits.MaxRequestBufferSize = SentAhead;
            kestrel.Limits.MaxRequestBodySize = BodyLimit.Default;
        });
        // A line for each connection above the limit; the metric kestrel.rejected_connections counts them.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.Connections", LogLevel.Error);
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<HttpOptions>>((forwarded, http) =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            // Every address from the right that is a proxy's; the first other one is the client's.
            forwarded.ForwardLimit = null;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in http.Value.TrustedNetworks) forwarded.KnownIPNetworks.Add(network);
        });
    }

    /// <summary>
    /// After routing, which knows the limit of the endpoint. The server would answer the same, with an exception for each.
    /// </summary>
    public static void UseBodyLimits(this WebApplication app) => app.Use(static (http, next) =>
    {
        if (http.Request.ContentLength is not { } length || length <= BodyLimit.Login) return next(http);
        var limit = http.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize;
        if (length <= limit || http.GetEndpoint() is null) return next(http);
        http.Response.Headers.Connection = "close";
        return ProblemBody.WriteAsync(http, StatusCodes.Status413PayloadTooLarge, ProblemBody.EntityTooLarge);
    });

    /// <summary>Before everything that looks at the address of a client.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<HttpOptions>>().Value.TrustedProxies.Count > 0) app.UseForwardedHeaders();
    }
}
