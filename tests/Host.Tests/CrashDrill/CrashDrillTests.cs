using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill;

/// <summary>
/// The gateway is killed under load several times, at random moments from a seed, and started again on the same file.
/// The long drill: <c>GATEWAY_DRILL_ROUNDS=20 dotnet test --project tests/Host.Tests --filter-class "*CrashDrillTests"</c>;
/// <c>GATEWAY_DRILL_SEED</c> repeats an earlier drill.
/// </summary>
public sealed class CrashDrillTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Killed_gateway_loses_no_accepted_event_and_explains_every_repeated_call()
    {
        var seed = DrillSettings.Seed();
        var rounds = DrillSettings.Rounds(byDefault: 3);
        output.WriteLine($"GATEWAY_DRILL_SEED={seed}, {rounds} rounds");
        var random = new Random(seed);
        var senders = new Senders(new DrillFeed(seed));
        await using var stub = await RoutingStub.StartAsync(delayMs: random.Next(50, 201));

        for (var round = 0; round < rounds; round++)
        {
            if (round > 0 && random.Next(4) == 0) await KillWhileItStartsAsync(stub);
            await KillUnderLoadAsync(stub, senders, random);
        }

        await using var survivor = await StartAsync(stub);
        await Accounting.ShouldAddUpAsync(survivor.Client, senders, stub);
        (await Accounting.RepetitionsShouldChangeNothingAsync(survivor.Client, survivor.Client, senders, stub))
            .ShouldBeEmpty("duplicates that were taken as new");
        var counts = await Counts.OfAsync(survivor.Client);
        output.WriteLine($"{senders.Accepted.Count} events accepted, {await stub.RequestsAsync()} calls: {counts}");
        (await survivor.StopAsync()).ShouldBe(0);
    }

    public void Dispose() => _folder.Dispose();

    private async Task KillUnderLoadAsync(RoutingStub stub, Senders senders, Random random)
    {
        await using var gateway = await StartAsync(stub);
        var answers = senders.Answers + random.Next(1, 300);
        var calls = await stub.RequestsAsync() + random.Next(0, 200);
        var load = Task.WhenAll(
            senders.PostUntilGatewayEndsAsync(gateway.Client), senders.CheckCountsUntilGatewayEndsAsync(gateway.Client));

        await Until.TrueAsync(() => load.IsCompleted || senders.Answers >= answers);
        await Until.TrueAsync(stub.RequestsAsync, requests => load.IsCompleted || requests >= calls);
        await gateway.KillAsync();
        await load;
    }

    private async Task KillWhileItStartsAsync(RoutingStub stub)
    {
        await using var gateway = Launch(stub);
        await gateway.ListeningAsync();
        await gateway.KillAsync();
    }

    private async Task<GatewayProcess> StartAsync(RoutingStub stub)
        => await GatewayProcess.StartAsync(_folder.Path, ("Gateway__Routing__Url", stub.Url));

    private GatewayProcess Launch(RoutingStub stub)
        => GatewayProcess.Launch(_folder.Path, ("WEBHOOK_SECRET", GatewayHost.Secret), ("Gateway__Routing__Url", stub.Url));
}
