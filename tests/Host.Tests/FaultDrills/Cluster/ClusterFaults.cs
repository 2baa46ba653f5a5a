using Gateway.TestSupport.Servers;

namespace Gateway.Host.Tests.FaultDrills.Cluster;

/// <summary>What happens to the nodes of a RabbitMQ cluster. The connected node is the one of the ingest process.</summary>
public enum ClusterFault
{
    LeaderKilled,
    LeaderHangs,
    ConnectedNodeKilled,
    ConnectedLeaderKilled,
    FollowerHangs,
    ConnectedNodeHangs,
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
    private const int Soon = 8;

    public async Task StrikeAsync(ClusterFault fault, int hangSeconds = 75)
    {
        var connected = await load.ConnectedNodeAsync(cluster);
        var (leader, third) = cluster.Nodes.Where(node => node != connected).ToList() is [var a, var b] ? (a, b) : default;
        var leads = fault is ClusterFault.ConnectedLeaderKilled ? connected : leader!;
        await leads.LeadAsync(load.Queue);
        await load.AcceptedAsync(Soon);
        await (fault switch
        {
            ClusterFault.LeaderKilled => MeasureAsync(fault, () => KillAsync(leads)),
            ClusterFault.ConnectedNodeKilled or ClusterFault.ConnectedLeaderKilled
                => MeasureAsync(fault, () => KillAsync(connected)),
            ClusterFault.LeaderHangs => MeasureAsync(fault, () => HangAsync(leads, hangSeconds)),
            ClusterFault.FollowerHangs => MeasureAsync(fault, () => HangAsync(third!, hangSeconds)),
            ClusterFault.ConnectedNodeHangs => MeasureAsync(fault, () => HangAsync(connected, hangSeconds)),
            ClusterFault.EachNodeCutOff
                => EachAsync([leads, connected, third!], node => MeasureAsync(fault, () => CutOffAsync(node))),
            ClusterFault.RollingRestart => EachAsync(cluster.Nodes, node => MeasureAsync(fault, () => RestartAsync(node))),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
        });
    }

    private async Task MeasureAsync(ClusterFault fault, Func<Task> strike)
    {
        load.BeginMeasurement();
        await strike();
        load.Report($"{fault}");
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
    }

    private async Task RestartAsync(RabbitMqServer node)
    {
        await node.StopAsync();
        await node.StartAgainAsync();
        await load.AcceptedAsync(Soon);
    }
}
