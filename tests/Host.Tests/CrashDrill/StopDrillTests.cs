using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill;

/// <summary>SIGTERM under load: the gateway leaves in order, and its next start finds nothing to recover.</summary>
public sealed class StopDrillTests : IDisposable
{
    private const int InWork = 20;

    private readonly TempFolder _folder = new();
    private readonly Couriers _couriers = new(new DrillFeed(seed: 42));

    [Fact]
    public async Task R16_a_stop_lets_attempts_in_flight_finish()
    {
        await using var stub = await RoutingStub.StartAsync(delayMs: 500);

        await StopUnderLoadAsync(stub, stopGrace: "00:00:06");

        await using var next = await StartAsync(stub);
        await Accounting.ShouldAddUpAsync(next.Client, _couriers, stub);
        (await AttemptsAsync(next)).ShouldNotContain(attempt => Accounting.Text(attempt, "result") == "abandoned");
    }

    [Fact]
    public async Task R16_a_stop_hands_back_what_cannot_finish()
    {
        await using var stub = await RoutingStub.StartAsync(delayMs: 2000);

        await StopUnderLoadAsync(stub, stopGrace: "00:00:00");

        await using var next = await StartAsync(stub);
        var interrupted = (await AttemptsAsync(next)).Where(attempt => Accounting.Text(attempt, "result") == "abandoned").ToList();
        interrupted.Count.ShouldBeGreaterThanOrEqualTo(InWork);
        // How long a claim was held is known only to the process that gave it back.
        interrupted.ShouldAllBe(attempt => attempt.GetProperty("durationMs").ValueKind == JsonValueKind.Number);
        await Accounting.ShouldAddUpAsync(next.Client, _couriers, stub);
    }

    public void Dispose() => _folder.Dispose();

    private async Task StopUnderLoadAsync(RoutingStub stub, string stopGrace)
    {
        await using var gateway = await StartAsync(
            stub, ("WORKER_PREFETCH", $"{InWork}"), ("Gateway__Processing__StopGrace", stopGrace));
        var load = _couriers.PostUntilNobodyAnswersAsync(gateway.Client);
        await Until.TrueAsync(stub.RequestsAsync, requests => load.IsCompleted || requests >= InWork);

        (await gateway.StopAsync()).ShouldBe(0, gateway.Told("A stop ends with 0"));
        await load;
        _couriers.Promised.Count.ShouldBeGreaterThanOrEqualTo(InWork);
    }

    private Task<GatewayProcess> StartAsync(RoutingStub stub, params IEnumerable<(string, string)> settings)
        => GatewayProcess.StartAsync(_folder.Path, [("Gateway__Routing__Url", stub.Url), .. settings]);

    private static async Task<IReadOnlyList<JsonElement>> AttemptsAsync(GatewayProcess gateway)
    {
        var keys = (await gateway.Client.EventsAsync()).Select(row => Accounting.Text(row, "key")!);
        return [.. (await Accounting.DetailsAsync(gateway.Client, keys)).SelectMany(e => e.GetProperty("attempts").EnumerateArray())];
    }
}
