using System.Net.Http.Headers;
using System.Text;
using Gateway.Shared.Errors;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Routing;

/// <summary>The configured routing service, or else the stub of this process.</summary>
internal sealed class RoutingTarget(IOptions<RoutingOptions> options, IServer server)
{
    public const string StubPath = "v1/routing-service";

    private Uri? _url = options.Value.Url is { } url ? new UriBuilder(url) { UserName = "", Password = "" }.Uri : null;

    /// <summary>
    /// Without the credentials, which <see cref="AddHeadersTo"/> sends. The address of the stub is known once the server listens,
    /// which is before the worker claims events.
    /// </summary>
    public Uri Url => _url ??= new Uri(OwnAddress(), StubPath);

    /// <summary>Null until the address is known.</summary>
    public string? Address => _url is null ? null : TextOf(_url);

    /// <summary>Limits the claimed events: more than the concurrent calls would be claimed and released again.</summary>
    public int SlotsOf(int prefetch)
        => options.Value.MaxConcurrency is > 0 and var calls ? Math.Min(prefetch, calls) : prefetch;

    /// <summary>For display: without user and query, which may be secret.</summary>
    public static string TextOf(Uri url)
        => url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>Adds the credentials of the address as Basic (RFC 7617), and the configured headers.</summary>
    public void AddHeadersTo(HttpRequestHeaders headers)
    {
        if (options.Value.Url is { UserInfo.Length: > 0 } url)
        {
            var credentials = Uri.UnescapeDataString(url.UserInfo.Contains(':') ? url.UserInfo : $"{url.UserInfo}:");
            headers.Authorization =
                new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        }

        foreach (var (name, value) in options.Value.Headers) headers.TryAddWithoutValidation(name, value);
    }

    public bool IsStubOfThisProcess => options.Value.Url is null;

    public bool HasPortOfThisProcess => Addresses.Any(address => new Uri(Reachable(address)).Port == Url.Port);

    private IEnumerable<string> Addresses => server.Features.Get<IServerAddressesFeature>()?.Addresses ?? [];

    private Uri OwnAddress() => new(Reachable(Addresses.FirstOrDefault()
        ?? throw new StartupException("Gateway:Routing:Url: is not set, and this server has no address for its stub.")));

    private static string Reachable(string address) => address
        .Replace("://*", "://127.0.0.1", StringComparison.Ordinal)
        .Replace("://+", "://127.0.0.1", StringComparison.Ordinal)
        .Replace("://0.0.0.0", "://127.0.0.1", StringComparison.Ordinal)
        .Replace("://[::]", "://127.0.0.1", StringComparison.Ordinal);
}
