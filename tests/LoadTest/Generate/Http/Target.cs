using System.Net;
using System.Net.Sockets;

namespace Gateway.LoadTest.Generate.Http;

/// <summary>A server under load: its ingest URI and its address, resolved once.</summary>
internal sealed record Target(string Name, Uri IngestUri, IPEndPoint EndPoint)
{
    public const string IngestPath = "/v1/events-gateway";

    public bool IsTls => IngestUri.Scheme == Uri.UriSchemeHttps;

    public static async Task<Target> OfAsync(string name, Uri url, CancellationToken cancellationToken)
    {
        var addresses = await AddressesOfAsync(url, cancellationToken);
        foreach (var address in addresses)
        {
            var endPoint = new IPEndPoint(address, url.Port);
            if (await IsListeningAsync(endPoint, cancellationToken)) return new Target(name, new Uri(url, IngestPath), endPoint);
        }

        throw new CannotRunException(
            $"No server listens at {url} ({string.Join(", ", addresses.Select(address => address.ToString()))}).");
    }

    private static async Task<IPAddress[]> AddressesOfAsync(Uri url, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(url.DnsSafeHost, out var literal)) return [literal];
        try
        {
            return await Dns.GetHostAddressesAsync(url.DnsSafeHost, cancellationToken);
        }
        catch (SocketException error)
        {
            throw new CannotRunException($"The host of {url} cannot be resolved: {error.Message}.");
        }
    }

    // localhost has two addresses, and a server may listen on only one of them.
    private static async Task<bool> IsListeningAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            await socket.ConnectAsync(endPoint, timeout.Token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
