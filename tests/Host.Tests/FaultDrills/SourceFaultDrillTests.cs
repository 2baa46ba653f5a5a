using Gateway.Host.Tests.CrashDrill;
using Gateway.Host.Tests.CrashDrill.Sources;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>
/// An ingest process and a worker of the profile Distributed are killed while senders post batches, an operator replays
/// containers, and the file of the sources changes; in the long drill backends too:
/// <c>GATEWAY_DRILL_ROUNDS=5 dotnet test --project tests/Host.Tests --filter-class "*SourceFaultDrillTests"</c>.
/// </summary>
[Collection(FaultDrillCollection.Name)]
public sealed class SourceFaultDrillTests(DrillBackends backends, ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public Task Killed_processes_lose_no_item_of_a_batch_and_double_none() => Drill.RunAsync(backends, output, async drill =>
    {
        var file = new SourcesFile(_folder);
        file.WriteFirst();
        drill.Settings.Add(("SourcesFile", file.Path));
        await using var load = await Load.StartAsync(drill, new BatchFeed(drill.Seed));
        var (kills, replayed, rounds) = (0, 0, DrillSettings.Rounds(byDefault: 1));
        for (var round = 0; round < rounds; round++)
        {
            Fault[] faults = [Fault.IngestKilled, Fault.WorkerKilled];
            if (rounds > 1) faults = [.. faults, Fault.RabbitMqKilled, Fault.MongoDbKilled, Fault.RedisKilledAndWiped];
            drill.Random.Shuffle(faults);
            foreach (var fault in faults)
            {
                drill.Report($"{fault}");
                replayed += await StrikeAsync(drill, load, file, fault);
                kills++;
            }
        }

        file.WriteFirst();
        var senders = await load.EndAsync();
        drill.Report("waits until no event is pending");
        using var gateway = load.Workers[0].Process.NewClient(GatewayHost.Secret);
        await Accounting.QuietAsync(gateway, senders);
        drill.Report($"{kills} kills, {replayed} replays of containers; " + await SourceAccounting.ShouldAddUpAsync(
            gateway, load.IngestReplicas[0].Client, load.IngestReplicas.Concat(load.Workers).Select(one => one.Client), file,
            senders, load.Stub));
    });

    public void Dispose() => _folder.Dispose();

    /// <summary>A process starts again when the file is valid; a backend at once.</summary>
    private static async Task<int> StrikeAsync(Drill drill, Load load, SourcesFile file, Fault fault)
    {
        using var stop = new CancellationTokenSource();
        var operators = file.ChangeAndReplayUntilAsync(
            () => load.Workers[0].Client, new Random(drill.Random.Next()), stop.Token);
        await load.ContinueAsync();
        if (fault is not (Fault.IngestKilled or Fault.WorkerKilled))
        {
            await Faults.StrikeAsync(drill, load, fault);
            await stop.CancelAsync();
            return await operators;
        }

        var replicas = fault == Fault.IngestKilled ? load.IngestReplicas : load.Workers;
        var killed = replicas[drill.Random.Next(replicas.Count)];
        await killed.KillAsync();
        await load.TriedAsync(100);
        await stop.CancelAsync();
        var replayed = await operators;
        await killed.StartAsync();
        return replayed;
    }
}
