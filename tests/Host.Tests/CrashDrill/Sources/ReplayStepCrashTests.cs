using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill.Sources;

/// <summary>The gateway is killed at each step of a replay of containers.</summary>
public sealed class ReplayStepCrashTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData(ReplayStep.Claimed)]
    [InlineData(ReplayStep.MappedSaved)]
    [InlineData(ReplayStep.EventsAdded)]
    public async Task Killed_replay_adds_each_item_once(ReplayStep step)
    {
        var file = new SourcesFile(_folder);
        file.WriteFirst();
        await using var stub = await RoutingStub.StartAsync(delayMs: 50);
        var drill = new ReplayStepDrill(file, new ReplayStopSqlite(Path.Combine(_folder.Path, "data", "gateway.db")), stub);
        await using var gateway = await StartAsync(file, stub);
        GatewayProcess? next = null;
        try
        {
            output.WriteLine(await drill.RunAsync(
                gateway.Client, gateway.Client, gateway.KillAsync,
                async () => (next = await StartAsync(file, stub)).Client, step));
        }
        finally
        {
            if (next is not null) await next.DisposeAsync();
        }
    }

    public void Dispose() => _folder.Dispose();

    private Task<GatewayProcess> StartAsync(SourcesFile file, RoutingStub stub) => GatewayProcess.StartAsync(
        _folder.Path, ("Gateway__Routing__Url", stub.Url), ("Gateway__SourcesFile", file.Path));
}
