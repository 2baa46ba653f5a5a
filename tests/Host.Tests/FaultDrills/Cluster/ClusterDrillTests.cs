using Gateway.TestSupport.Servers;

namespace Gateway.Host.Tests.FaultDrills.Cluster;

/// <summary>
/// A cluster of three RabbitMQ nodes under load. The long drills, at 300 events/s:
/// <c>dotnet test --project tests/Host.Tests --filter-class "*ClusterDrillTests" --explicit only</c>.
/// </summary>
[Collection(FaultDrillCollection.Name)]
public sealed class ClusterDrillTests(ITestOutputHelper output)
{
    /// <summary>Of ingest by default, each with a group of its own.</summary>
    private const int Committers = 4;

    private const int Hour = 3600;

    [Fact]
    public Task Killed_leader_is_replaced_and_a_hanging_follower_has_no_effect()
        => DrillAsync(100, async (cluster, load, faults) =>
        {
            await faults.StrikeAsync(ClusterFault.LeaderKilled);
            // A channel that is opened while there is no leader nacks for ever. It is closed at its first nack.
            load.ReasonsOf503.Count(reason => reason.EndsWith("could not keep the message", StringComparison.Ordinal))
                .ShouldBeLessThanOrEqualTo(Committers);

            // So ingest accepts while the follower hangs, and not because the others gave it up.
            await cluster.SetTickTimeAsync(Hour);
            await faults.StrikeAsync(ClusterFault.FollowerHangs, hangSeconds: 5);
            load.ReasonsOf503.ShouldNotContain(reason => reason.Contains("cannot be declared", StringComparison.Ordinal));
        });

    [Fact(Explicit = true)]
    public Task Killed_leader_loses_and_repeats_no_event() => LongAsync(ClusterFault.LeaderKilled);

    /// <summary>At a rate that leaves the machine some time: the senders repeat all that waits for another leader.</summary>
    [Theory(Explicit = true)]
    [InlineData(60)]
    [InlineData(10)]
    public Task Hanging_leader_loses_and_repeats_no_event(int tickTime) => DrillAsync(50, async (cluster, _, faults) =>
    {
        await cluster.SetTickTimeAsync(tickTime);
        await faults.StrikeAsync(ClusterFault.LeaderHangs, hangSeconds: 90);
    });

    [Fact(Explicit = true)]
    public Task Killed_connected_node_loses_and_repeats_no_event() => LongAsync(ClusterFault.ConnectedNodeKilled);

    [Fact(Explicit = true)]
    public Task Killed_leader_with_the_connection_loses_and_repeats_no_event() => LongAsync(ClusterFault.ConnectedLeaderKilled);

    [Fact(Explicit = true)]
    public Task Hanging_follower_loses_and_repeats_no_event() => LongAsync(ClusterFault.FollowerHangs);

    [Fact(Explicit = true)]
    public Task Hanging_connected_node_loses_and_repeats_no_event() => LongAsync(ClusterFault.ConnectedNodeHangs);

    [Fact(Explicit = true)]
    public Task Each_node_cut_off_loses_and_repeats_no_event() => LongAsync(ClusterFault.EachNodeCutOff);

    [Fact(Explicit = true)]
    public Task Each_node_cut_off_and_paused_loses_and_repeats_no_event()
        => DrillAsync(300, (_, _, faults) => faults.StrikeAsync(ClusterFault.EachNodeCutOff), "pause_minority");

    [Fact(Explicit = true)]
    public Task Rolling_restart_loses_and_repeats_no_event() => LongAsync(ClusterFault.RollingRestart);

    private Task LongAsync(ClusterFault fault) => DrillAsync(300, (_, _, faults) => faults.StrikeAsync(fault));

    private async Task DrillAsync(
        int perSecond, Func<RabbitMqCluster, ClusterLoad, ClusterFaults, Task> steps, string partitionHandling = "ignore")
    {
        await using var cluster = await RabbitMqCluster.StartAsync(partitionHandling);
        await Drill.RunAsync(await Backends.OnAsync(cluster), output, async drill =>
        {
            await using var load = await ClusterLoad.StartAsync(drill, perSecond);
            await steps(cluster, load, new ClusterFaults(cluster, load));
            await load.ShouldAddUpAsync();
        });
    }
}
