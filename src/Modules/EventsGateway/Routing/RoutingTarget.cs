using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Routing;

/// <summary>The configured routing service, or else the stub of this process.</summary>
internal sealed class RoutingTarget(IOptions<RoutingOptions> options, IServer server)
{
    private Uri? _url = options.Value.Url;

    /// <summary>The address of the stub is known once the server listens, which is before the worker claims events.</summary>
    public Uri Url => _url ??= new Uri(OwnAddress(), "v1/routing-service");

    /// <summary>For display: without user and query, which may be secret. Null until the address is known.</summary>
    public string? Address => _url?.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>Limits the claimed events: more than the concurrent calls would be claimed and released again.</summary>
    public int SlotsOf(int prefetch)
        => options.Value.MaxConcurrency is > 0 and var calls ? Math.Min(prefetch, calls) : prefetch;

    private Uri OwnAddress()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?? throw new StartupException("Gateway:Routing:Url: is not set, and this server has no address for its stub.");
        return new Uri(address
            .Replace("://*", "://127.0.0.1", StringComparison.Ordinal)
            .Replace("://+", "://127.0.0.1", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal)
            .Replace("://[::]", "://127.0.0.1", StringComparison.Ordinal));
    }
}
