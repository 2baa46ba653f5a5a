using Gateway.Host.Tests.CrashDrill;
using Gateway.Host.Tests.CrashDrill.Sources;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>The worker is killed at each step of a replay of containers.</summary>
[Collection(FaultDrillCollection.Name)]
public sealed class ReplayStepFaultTests(DrillBackends backends, ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData(ReplayStep.Claimed)]
    [InlineData(ReplayStep.MappedSaved)]
    [InlineData(ReplayStep.EventsAdded)]
    public Task Killed_replay_adds_each_item_once(ReplayStep step) => Drill.RunAsync(backends, output, async drill =>
    {
        var file = new SourcesFile(_folder);
        file.WriteFirst();
        await using var stub = await RoutingStub.StartAsync(delayMs: 50);
        await using var stop = new ReplayStopMongo(drill.Sandbox["Mongo:Uri"]);
        drill.Settings.AddRange([("SourcesFile", file.Path), .. Drill.LongDeadlines]);
        var ingest = await drill.IngestAsync();
        drill.Settings.Add(("Mongo:Uri", stop.Uri));
        var worker = await drill.WorkerAsync(stub.Url);
        await drill.ReadyAsync();

        drill.Report(await new ReplayStepDrill(file, stop, stub).RunAsync(
            ingest.Client, worker.Client, worker.KillAsync,
            async () =>
            {
                await worker.StartAsync();
                await worker.ReadyAsync();
                return worker.Client;
            },
            step));
    });

    public void Dispose() => _folder.Dispose();
}
