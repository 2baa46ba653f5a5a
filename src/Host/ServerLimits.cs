using Gateway.Shared.Http;
using Gateway.Shared.Options;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Gateway.Host;

/// <summary>What a client costs before it is known, and whose word counts for its address.</summary>
internal static class ServerLimits
{
    /// <summary>
    /// Bytes that a connection may send ahead while its request is answered. Twice the headers' limit of 32 KiB: with the
    /// server's own 1 MiB, 2,400 clients that read no answer would hold 2.4 GB.
    /// </summary>
    private const int SentAhead = 64 * 1024;

    public static void AddServerLimits(this IServiceCollection services)
    {
        services.AddValidatedOptions<HttpOptions>(HttpOptions.Section);
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<HttpOptions>>((kestrel, http) =>
        {
            kestrel.Limits.MaxConcurrentConnections = http.Value.MaxConnections;
            kestrel.Limits.MaxRequestBufferSize = SentAhead;
            kestrel.Limits.MaxRequestBodySize = BodyLimit.Default;
        });
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<HttpOptions>>((forwarded, http) =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            // Every address from the right that is a proxy's; the first other one is the client's.
            forwarded.ForwardLimit = null;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in http.Value.TrustedNetworks) forwarded.KnownIPNetworks.Add(network);
        });
    }

    /// <summary>Before everything that looks at the address of a client.</summary>
    public static void UseTrustedProxies(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<HttpOptions>>().Value.TrustedProxies.Count > 0) app.UseForwardedHeaders();
    }
}
