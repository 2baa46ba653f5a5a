using Gateway.TestSupport.Servers;

namespace Gateway.Host.Tests.FaultDrills.Cluster;

/// <summary>
/// A Redis that loses its master under load: the cache is only a filter, so ingest accepts without it, and the broker alone may
/// be the reason of an answer 503.
/// </summary>
[Collection(FaultDrillCollection.Name)]
public sealed class RedisFailoverDrillTests(DrillBackends backends, ITestOutputHelper output)
{
    private const int PerSecond = 100;
    private const int Seconds = 8;

    [Fact]
    public async Task Master_that_a_sentinel_replaces_has_no_effect_on_senders()
    {
        await using var group = await RedisGroup.StartWithSentinelAsync();
        await DrillAsync(group, ("Redis:Sentinels", group.Sentinel!.Endpoint));
    }

    [Fact]
    public async Task Killed_master_of_a_cluster_has_no_effect_on_senders()
    {
        await using var group = await RedisGroup.StartClusterAsync();
        await DrillAsync(
            group, ("Redis:Port", $"{group.Servers[0].Port}"), ("Redis:Options", group.Servers[1].Endpoint));
    }

    private Task DrillAsync(RedisGroup group, params (string Key, string Value)[] settings)
        => Drill.RunAsync(backends, output, async drill =>
        {
            drill.Settings.AddRange([.. settings, .. Drill.LongDeadlines]);
            await using var load = await ClusterLoad.StartAsync(drill, PerSecond);
            await load.AcceptedAsync(Seconds);
            load.BeginMeasurement();

            await group.Servers[0].KillAsync();
            drill.Report("Redis master killed");
            await load.FilteredAsync();
            drill.Report("duplicates are recognised by another master");
            await load.AcceptedAsync(Seconds);
            await group.Servers[0].StartAgainAsync();
            await load.AcceptedAsync(Seconds);

            load.Report("killed master started again");
            load.ReasonsOf503.ShouldAllBe(reason => reason.StartsWith("rabbitmq: ", StringComparison.Ordinal));
            await load.ShouldAddUpAsync();
        });
}
