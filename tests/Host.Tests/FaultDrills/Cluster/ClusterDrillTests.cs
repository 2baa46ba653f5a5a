using Gateway.TestSupport.Servers;

namespace Gateway.Host.Tests.FaultDrills.Cluster;

/// <summary>
/// A cluster of three RabbitMQ nodes under load. The long drills, at 300 events/s:
/// <c>dotnet test --project tests/Host.Tests --filter-class "*ClusterDrillTests" --explicit only</c>.
/// </summary>
[Collection(FaultDrillCollection.Name)]
public sealed class ClusterDrillTests(ITestOutputHelper output)
{
    [Fact]
    public Task Killed_leader_is_replaced_and_a_hanging_follower_has_no_effect() => DrillAsync(100, async (load, faults) =>
    {
        await faults.StrikeAsync(ClusterFault.LeaderKilled);
        await faults.StrikeAsync(ClusterFault.FollowerHangs, hangSeconds: 5);
        load.Unavailable.ShouldBe(0);
    });

    [Fact(Explicit = true)]
    public Task Killed_leader_loses_and_repeats_no_event() => LongAsync(ClusterFault.LeaderKilled);

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
    public Task Rolling_restart_loses_and_repeats_no_event() => LongAsync(ClusterFault.RollingRestart);

    private Task LongAsync(ClusterFault fault) => DrillAsync(300, (_, faults) => faults.StrikeAsync(fault));

    private async Task DrillAsync(int perSecond, Func<ClusterLoad, ClusterFaults, Task> steps)
    {
        await using var cluster = await RabbitMqCluster.StartAsync();
        await Drill.RunAsync(await Backends.OnAsync(cluster), output, async drill =>
        {
            await using var load = await ClusterLoad.StartAsync(drill, perSecond);
            await steps(load, new ClusterFaults(cluster, load));
            await load.ShouldAddUpAsync();
        });
    }
}
