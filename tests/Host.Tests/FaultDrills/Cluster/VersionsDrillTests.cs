using Gateway.Host.Tests.CrashDrill;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.FaultDrills.Cluster;

/// <summary>
/// Processes of another version are replaced by this one and back, one by one under load, on the same queue, cache and store:
/// <c>GATEWAY_DRILL_OTHER_BUILD=/path/Gateway.Host.dll dotnet test --project tests/Host.Tests --filter-class
/// "*VersionsDrillTests" --explicit only</c>.
/// </summary>
[Collection(FaultDrillCollection.Name)]
public sealed class VersionsDrillTests(DrillBackends backends, ITestOutputHelper output)
{
    private const int PerSecond = 100;
    private const int Soon = 8;

    [Fact(Explicit = true)]
    public Task Upgrade_and_rollback_of_each_process_lose_and_double_no_event() => DrillAsync(async (drill, load) =>
    {
        await EachAsync(drill, load, [load.Workers[0], load.IngestReplicas[0]], isOther: false);
        await EachAsync(drill, load, [load.IngestReplicas[0], load.Workers[0]], isOther: true);
        await EachAsync(drill, load, [.. load.IngestReplicas, .. load.Workers], isOther: false);
    });

    [Fact(Explicit = true)]
    public Task Upgrade_that_stops_the_workers_first_loses_and_doubles_no_event() => DrillAsync(async (drill, load) =>
    {
        await EachAsync(drill, load, [load.IngestReplicas[0]], isOther: false);
        foreach (var worker in load.Workers) await worker.Process.StopAsync();
        await load.AcceptedAsync(Soon);
        foreach (var worker in load.Workers) worker.OtherHost = null;
        await Task.WhenAll(load.Workers.Select(worker => worker.StartAsync()));
        await drill.ReadyAsync();
        await WorksAsync(load, "workers replaced");
        await EachAsync(drill, load, [load.IngestReplicas[1]], isOther: false);
    });

    /// <summary>Beside this version the other worker may have become unready.</summary>
    [Fact(Explicit = true)]
    public Task Worker_that_still_runs_stops_no_worker_of_this_version() => DrillAsync(async (drill, load) =>
    {
        await StartInsteadAsync(load.Workers[0], isOther: false);
        await load.Workers[0].ReadyAsync();
        await WorksAsync(load, "a worker of the other version still runs");
        await EachAsync(drill, load, [load.Workers[1], .. load.IngestReplicas], isOther: false);
    });

    private Task DrillAsync(Func<Drill, ClusterLoad, Task> steps)
    {
        Assert.SkipWhen(DrillSettings.OtherBuild() is null, "GATEWAY_DRILL_OTHER_BUILD names no build");
        return Drill.RunAsync(backends, output, async drill =>
        {
            await using var load = await ClusterLoad.StartAsync(drill, PerSecond, ingestProcesses: 2, workerProcesses: 2);
            await WorksAsync(load, "the other version alone");
            await steps(drill, load);
            await load.ShouldAddUpAsync();
        });
    }

    private static async Task EachAsync(Drill drill, ClusterLoad load, IEnumerable<Replica> replicas, bool isOther)
    {
        foreach (var replica in replicas)
        {
            await StartInsteadAsync(replica, isOther);
            await drill.ReadyAsync();
            await WorksAsync(load, isOther ? "one process more of the other version" : "one process more of this version");
        }
    }

    private static async Task StartInsteadAsync(Replica replica, bool isOther)
    {
        (await replica.Process.StopAsync()).ShouldBe(0);
        replica.OtherHost = isOther ? DrillSettings.OtherBuild() : null;
        await replica.StartAsync();
    }

    /// <summary>Events are accepted, and calls are made.</summary>
    private static async Task WorksAsync(ClusterLoad load, string what)
    {
        var calls = await load.Stub.RequestsAsync();
        await load.AcceptedAsync(Soon);
        await Until.TrueAsync(load.Stub.RequestsAsync, requests => requests > calls + PerSecond, Accounting.Timeout);
        load.Report(what);
        load.BeginMeasurement();
    }
}
