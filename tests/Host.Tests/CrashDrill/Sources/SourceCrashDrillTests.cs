using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill.Sources;

/// <summary>
/// The gateway is killed while senders post batches, an operator replays containers, and the file of the sources changes. The
/// long drill: <c>GATEWAY_DRILL_ROUNDS=20 dotnet test --project tests/Host.Tests --filter-class "*SourceCrashDrillTests"</c>.
/// </summary>
public sealed class SourceCrashDrillTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Killed_gateway_loses_no_item_of_a_batch_and_doubles_none()
    {
        var seed = DrillSettings.Seed();
        var rounds = DrillSettings.Rounds(byDefault: 3);
        output.WriteLine($"GATEWAY_DRILL_SEED={seed}, {rounds} rounds");
        var random = new Random(seed);
        var senders = new Senders(new BatchFeed(seed));
        var file = new SourcesFile(_folder);
        file.WriteFirst();
        await using var stub = await RoutingStub.StartAsync(delayMs: random.Next(10, 51));
        var replayed = 0;

        for (var round = 0; round < rounds; round++) replayed += await KillUnderLoadAsync(file, stub, senders, random);

        file.WriteFirst();
        await using var survivor = await StartAsync(file, stub);
        await senders.RepeatUnknownAsync(survivor.Client);
        output.WriteLine($"{rounds} kills, {replayed} replays of containers; " + await SourceAccounting.ShouldAddUpAsync(
            survivor.Client, survivor.Client, [survivor.Client], file, senders, stub));
        survivor.Output.ShouldNotContain(line => line.Contains("Unhandled", StringComparison.Ordinal));
        (await survivor.StopAsync()).ShouldBe(0);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>
    /// Paced load until the file was read a random number of times; then the senders post without a pause and all containers are
    /// replayed, so that the kill hits requests and attempts at random moments.
    /// </summary>
    private async Task<int> KillUnderLoadAsync(SourcesFile file, RoutingStub stub, Senders senders, Random random)
    {
        await using var gateway = await StartAsync(file, stub);
        using var killed = new CancellationTokenSource();
        var reloads = random.Next(4);
        var load = senders.PostUntilAsync([() => gateway.Client], killed.Token);
        var operators = file.ChangeAndReplayUntilAsync(() => gateway.Client, new Random(random.Next()), killed.Token);
        await Until.TrueAsync(() => load.IsCompleted || Reloads(gateway) >= reloads);

        var answers = senders.Answers + random.Next(1, 300);
        var burst = senders.PostUntilGatewayEndsAsync(gateway.Client);
        var replay = SourcesFile.ReplayAsync(gateway.Client);
        await Until.TrueAsync(() => load.IsCompleted || burst.IsCompleted || senders.Answers >= answers);
        await gateway.KillAsync();
        await killed.CancelAsync();
        await Task.WhenAll(load, burst);
        return await operators + await replay;
    }

    /// <summary>Of the file, valid or not; an error that was reported is not reported again.</summary>
    private static int Reloads(GatewayProcess gateway) => gateway.Output.Count(
        line => line.Contains("Sources reloaded", StringComparison.Ordinal)
            || line.Contains("Sources not reloaded", StringComparison.Ordinal));

    private Task<GatewayProcess> StartAsync(SourcesFile file, RoutingStub stub) => GatewayProcess.StartAsync(
        _folder.Path, ("Gateway__Routing__Url", stub.Url), ("Gateway__SourcesFile", file.Path));
}
