using System.Net;
using System.Net.Sockets;
using Gateway.LoadTest.Client;

namespace Gateway.LoadTest.Http;

/// <summary>Where requests go: the door's address, resolved once.</summary>
internal sealed record Target(string Name, Uri Door, IPEndPoint EndPoint)
{
    public const string DoorPath = "/v1/events-gateway";

    public bool IsTls => Door.Scheme == Uri.UriSchemeHttps;

    public static async Task<Target> OfAsync(string name, Uri url, CancellationToken cancellationToken)
    {
        var addresses = await AddressesOfAsync(url, cancellationToken);
        foreach (var address in addresses)
        {
            var endPoint = new IPEndPoint(address, url.Port);
            if (await AnswersAsync(endPoint, cancellationToken)) return new Target(name, new Uri(url, DoorPath), endPoint);
        }

        throw new CannotRunException($"Nobody listens at {url} ({string.Join(", ", addresses.Select(address => address.ToString()))}).");
    }

    private static async Task<IPAddress[]> AddressesOfAsync(Uri url, CancellationToken cancellationToken)
    {
        if (IPAddress.TryParse(url.DnsSafeHost, out var literal)) return [literal];
        try
        {
            return await Dns.GetHostAddressesAsync(url.DnsSafeHost, cancellationToken);
        }
        catch (SocketException unknown)
        {
            throw new CannotRunException($"The host of {url} is not known: {unknown.Message}.");
        }
    }

    // localhost is two addresses, and a server may listen on one of them.
    private static async Task<bool> AnswersAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            await socket.ConnectAsync(endPoint, patience.Token);
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
