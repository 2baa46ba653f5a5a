using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Routing;

/// <summary>The configured routing service or, without one, the stub behind this process's own address.</summary>
internal sealed class RoutingTarget(IOptions<RoutingOptions> options, IServer server)
{
    private Uri? _url = options.Value.Url;

    /// <summary>Known once the server listens, which is before the worker claims.</summary>
    public Uri Url => _url ??= new Uri(OwnAddress(), "v1/routing-service");

    /// <summary>For people: without what may be secret in it. Null until it is known.</summary>
    public string? Address => _url?.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>As many events are worth claiming; the others would only be handed back.</summary>
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
