using Gateway.TestSupport.Servers;

namespace Gateway.Host.Tests.FaultDrills.Cluster;

/// <summary>What happens to the nodes of a RabbitMQ cluster. The connected node is the one of the ingest process.</summary>
public enum ClusterFault
{
    LeaderKilled,
    ConnectedNodeKilled,
    ConnectedLeaderKilled,
    FollowerHangs,
    ConnectedNodeHangs,
    LeaderHangs,
    EachNodeCutOff,
    RollingRestart,
}

/// <summary>
/// Faults under load; the gateway's processes are not touched. Killed: SIGKILL. Hangs: SIGSTOP, longer than the minute after
/// which the other nodes give it up. Cut off: the node loses the connections to the other nodes and keeps its clients.
/// </summary>
internal sealed class ClusterFaults(RabbitMqCluster cluster, ClusterLoad load)
{
    /// <summary>Seconds of the load between two faults.</summary>
    private const int Soon = 10;

    public async Task StrikeAsync(ClusterFault fault, int hangSeconds = 75)
    {
        var connected = await load.ConnectedNodeAsync(cluster);
        var (leader, third) = cluster.Nodes.Where(node => node != connected).ToList() is [var a, var b] ? (a, b) : default;
        var leads = fault is ClusterFault.ConnectedLeaderKilled ? connected : leader!;
        await leads.LeadAsync(load.Queue);
        await load.AcceptedAsync(seconds: 3);
        load.BeginMeasurement();
        await (fault switch
        {
            ClusterFault.LeaderKilled => KillAsync(leads),
            ClusterFault.ConnectedNodeKilled or ClusterFault.ConnectedLeaderKilled => KillAsync(connected),
            ClusterFault.FollowerHangs => HangAsync(third!, hangSeconds),
            ClusterFault.ConnectedNodeHangs => HangAsync(connected, hangSeconds),
            ClusterFault.LeaderHangs => HangAsync(leads, hangSeconds),
            ClusterFault.EachNodeCutOff => EachAsync([leads, connected, third!], CutOffAsync),
            ClusterFault.RollingRestart => EachAsync(cluster.Nodes, RestartAsync),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
        });
    }

    private async Task HangAsync(RabbitMqServer node, int seconds)
    {
        node.Pause();
        await load.AcceptedAsync(seconds);
        node.Resume();
        await load.AcceptedAsync(Soon);
    }

    private async Task KillAsync(RabbitMqServer node)
    {
        await node.KillAsync();
        await load.AcceptedAsync(Soon);
        await node.StartAgainAsync();
        await load.AcceptedAsync(Soon);
    }

    private static async Task EachAsync(IEnumerable<RabbitMqServer> nodes, Func<RabbitMqServer, Task> strike)
    {
        foreach (var node in nodes) await strike(node);
    }

    private async Task CutOffAsync(RabbitMqServer node)
    {
        await cluster.CutOffAsync(node);
        await load.AcceptedAsync(Soon);
        await cluster.JoinAgainAsync(node);
        await load.AcceptedAsync(Soon);
        load.Report($"cut off: {node.Url.Port}");
    }

    private async Task RestartAsync(RabbitMqServer node)
    {
        await node.StopAsync();
        await node.StartAgainAsync();
        await load.AcceptedAsync(Soon);
        load.Report($"restarted: {node.Url.Port}");
    }
}
