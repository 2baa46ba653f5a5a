using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>The configured routing service or, without one, the stub behind this process's own address.</summary>
internal sealed class RoutingAddress(IOptions<RoutingOptions> options, IServer server)
{
    private Uri? _url = options.Value.Url;

    /// <summary>Known once the server listens, which is before the worker claims.</summary>
    public Uri Url => _url ??= new Uri(OwnAddress(), "v1/routing-service");

    private Uri OwnAddress()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault()
            ?? throw new InvalidOperationException("The server does not listen, so its stub cannot be the routing service.");
        return new Uri(address
            .Replace("://*", "://127.0.0.1", StringComparison.Ordinal)
            .Replace("://+", "://127.0.0.1", StringComparison.Ordinal)
            .Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal)
            .Replace("://[::]", "://127.0.0.1", StringComparison.Ordinal));
    }
}
