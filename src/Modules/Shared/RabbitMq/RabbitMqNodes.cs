using System.Net;
using System.Net.Sockets;
using RabbitMQ.Client;

namespace Gateway.Shared.RabbitMq;

/// <summary>The nodes of the broker: every address of every configured host.</summary>
internal static class RabbitMqNodes
{
    private static readonly TimeSpan LookUpTimeout = TimeSpan.FromSeconds(2);

    /// <summary>
    /// In the order of trying: a process begins with a random node, so that processes spread over the nodes. After a lost
    /// connection it begins with the node behind <paramref name="last"/>.
    /// </summary>
    public static async Task<IReadOnlyList<(Uri Uri, AmqpTcpEndpoint Node)>> InOrderAsync(
        IReadOnlyList<Uri> uris, AmqpTcpEndpoint? last)
    {
        var found = (await Task.WhenAll(uris.Select(NodesOfAsync))).SelectMany(nodes => nodes).ToList();
        var at = found.FindIndex(one => last is not null && NameOf(one.Node) == NameOf(last));
        var first = at < 0 ? Random.Shared.Next(found.Count) : at + 1;
        return [.. found.Skip(first), .. found.Take(first)];
    }

    public static string NameOf(AmqpTcpEndpoint node) => $"{node.HostName}:{node.Port}";

    private static async Task<IEnumerable<(Uri Uri, AmqpTcpEndpoint Node)>> NodesOfAsync(Uri uri)
    {
        var named = new ConnectionFactory { Uri = uri }.Endpoint;
        if (named.Ssl is { Enabled: true, ServerName: null or "" }) named.Ssl.ServerName = uri.Host;
        var addresses = await AddressesOfAsync(named.HostName);
        // One address: the name stays, because logs and readiness show it.
        if (addresses.Length < 2) return [(uri, named)];
        return addresses.Select(address => (uri, new AmqpTcpEndpoint($"{address}", named.Port, named.Ssl)));
    }

    /// <summary>Empty if the look-up fails; then the driver reports why.</summary>
    private static async Task<IPAddress[]> AddressesOfAsync(string host)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host).WaitAsync(LookUpTimeout);
        }
        catch (Exception fault) when (fault is SocketException or TimeoutException)
        {
            return [];
        }
    }
}
