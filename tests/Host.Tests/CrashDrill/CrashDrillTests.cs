using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill;

/// <summary>
/// The gateway is killed again and again under load, at moments drawn from a seed, and started on the same file.
/// The long drill: <c>GATEWAY_DRILL_ROUNDS=20 dotnet test --project tests/Host.Tests --filter-class "*CrashDrillTests"</c>;
/// <c>GATEWAY_DRILL_SEED</c> repeats the draws of an earlier one.
/// </summary>
public sealed class CrashDrillTests(ITestOutputHelper output) : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Nothing_accepted_is_lost_or_routed_unexplained_however_often_it_is_killed()
    {
        var seed = DrillSettings.Seed();
        var rounds = DrillSettings.Rounds(unlessSaid: 3);
        output.WriteLine($"GATEWAY_DRILL_SEED={seed}, {rounds} rounds");
        var random = new Random(seed);
        var couriers = new Couriers(new DrillFeed(seed));
        await using var stub = await RoutingStub.StartAsync(delayMs: random.Next(50, 201));

        for (var round = 0; round < rounds; round++)
        {
            if (round > 0 && random.Next(4) == 0) await KillWhileItStartsAsync(stub);
            await KillUnderLoadAsync(stub, couriers, random);
        }

        await using var survivor = await StartAsync(stub);
        await Accounting.ShouldAddUpAsync(survivor.Client, couriers, stub);
        (await Accounting.RepetitionsShouldChangeNothingAsync(survivor.Client, survivor.Client, couriers, stub))
            .ShouldBeEmpty("repeated, but taken as new");
        output.WriteLine($"{couriers.Promised.Count} events promised, {await stub.RequestsAsync()} calls: {await Counts.OfAsync(survivor.Client)}");
        (await survivor.StopAsync()).ShouldBe(0);
    }

    public void Dispose() => _folder.Dispose();

    private async Task KillUnderLoadAsync(RoutingStub stub, Couriers couriers, Random random)
    {
        await using var gateway = await StartAsync(stub);
        var answers = couriers.Answers + random.Next(1, 300);
        var calls = await stub.RequestsAsync() + random.Next(0, 200);
        var load = Task.WhenAll(
            couriers.PostUntilNobodyAnswersAsync(gateway.Client), couriers.WatchUntilNobodyAnswersAsync(gateway.Client));

        await Until.TrueAsync(() => load.IsCompleted || couriers.Answers >= answers);
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
