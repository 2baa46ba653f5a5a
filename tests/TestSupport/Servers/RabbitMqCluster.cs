namespace Gateway.TestSupport.Servers;

/// <summary>Three nodes on this machine that are one broker; each can be killed, paused and cut off from the others.</summary>
public sealed class RabbitMqCluster : IAsyncDisposable
{
    private const int Size = 3;

    private readonly List<RabbitMqServer> _nodes = [];

    private RabbitMqCluster()
    {
    }

    public IReadOnlyList<RabbitMqServer> Nodes => _nodes;

    /// <summary>The addresses of all nodes, as a setting of the gateway.</summary>
    public string Urls => string.Join(',', _nodes.Select(node => node.Url));

    /// <summary>One after the other, because a node joins a cluster that runs.</summary>
    /// <param name="partitionHandling">The broker's <c>cluster_partition_handling</c>.</param>
    public static async Task<RabbitMqCluster> StartAsync(string partitionHandling = "ignore")
    {
        var cluster = new RabbitMqCluster();
        try
        {
            cluster._nodes.Add(await RabbitMqServer.StartAsync(partitionHandling));
            while (cluster._nodes.Count < Size) cluster._nodes.Add(await cluster._nodes[0].StartNeighbourAsync());
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The nodes give up one that is silent for this long (<c>net_ticktime</c>), at most a quarter more.</summary>
    public Task SetTickTimeAsync(int seconds)
        => Task.WhenAll(_nodes.Select(node => node.EvaluateAsync($"net_kernel:set_net_ticktime({seconds}, 0).")));

    /// <summary>
    /// A partition: the node and the others close their connections to each other, and a wrong cookie keeps them closed. Clients
    /// reach all nodes.
    /// </summary>
    public Task CutOffAsync(RabbitMqServer node) => SetCookieAsync(node, "cut_off", "erlang:disconnect_node(Other)");

    public Task JoinAgainAsync(RabbitMqServer node) => SetCookieAsync(node, "erlang:get_cookie()", "net_adm:ping(Other)");

    public async ValueTask DisposeAsync()
    {
        // The first one owns the name server.
        foreach (var node in _nodes.AsEnumerable().Reverse()) await node.DisposeAsync();
    }

    private Task<string> SetCookieAsync(RabbitMqServer node, string cookie, string then)
    {
        var others = string.Join(',', _nodes.Where(other => other != node).Select(other => $"'{other.NodeName}'"));
        return node.EvaluateAsync($"[begin erlang:set_cookie(Other, {cookie}), {then} end || Other <- [{others}]].");
    }
}
