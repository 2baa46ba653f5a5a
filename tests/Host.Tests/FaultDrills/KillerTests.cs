using System.Text.Json;
using Gateway.Host.Tests.CrashDrill;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>
/// An event that kills its worker whenever it is tried. The long drill (<c>GATEWAY_DRILL_ROUNDS</c> above 1; some six
/// minutes) goes on until it is given up.
/// </summary>
[Collection(FaultDrillCollection.Name)]
public sealed class KillerTests(DrillBackends backends, ITestOutputHelper output)
{
    private const int Events = 60;
    private const int KillsOfPoison = 10;

    [Fact]
    public Task An_event_that_kills_its_worker_takes_no_other_event_along() => Drill.RunAsync(backends, output, async drill =>
    {
        await using var routing = await FakeRoutingService.StartAsync();
        var door = await drill.DoorAsync();
        await drill.ReadyAsync();
        var keys = await Task.WhenAll(new Webhooks(drill.Seed).Take(Events).Select(door.Client.AcceptedAsync));
        var killer = keys[drill.Random.Next(Events)];
        var kills = DrillSettings.Rounds(unlessSaid: 1) > 1 ? KillsOfPoison : 2;
        // At first nobody is answered, so that the first kill hits all that are in work.
        var never = new TaskCompletionSource().Task;
        routing.Answer = (call, number) => (call.IdempotencyKey == killer && number <= kills) || number == 1
            ? FakeRoutingService.HeldBack(never, FakeRoutingService.Routed(call))
            : FakeRoutingService.Routed(call);

        var worker = await drill.WorkerAsync(routing.Url);
        for (var kill = 1; kill <= kills; kill++)
        {
            await Until.TrueAsync(() => routing.CallsOf(killer).Count() == kill, Accounting.Patience);
            await worker.KillAsync();
            await worker.StartAsync();
        }

        await worker.Client.SettledAsync(Accounting.Patience);
        var events = (await Accounting.DetailsAsync(worker.Client, keys)).ToDictionary(e => Accounting.Text(e, "key")!);
        Attempts(events[killer], "interrupted").ShouldBe(kills, events[killer].GetRawText());
        Accounting.Text(events[killer], "outcome").ShouldBe(kills == KillsOfPoison ? "poison" : "routed");
        foreach (var innocent in events.Values.Where(e => Accounting.Text(e, "key") != killer))
        {
            Accounting.Text(innocent, "outcome").ShouldBe("routed", innocent.GetRawText());
            var calls = routing.CallsOf(Accounting.Text(innocent, "key")!).Count();
            calls.ShouldBeLessThanOrEqualTo(
                1 + Attempts(innocent, "interrupted") + Attempts(innocent, "timed-out"), innocent.GetRawText());
        }

        drill.Say($"{Events} events, {kills} kills, {routing.Calls.Count} calls");
    });

    private static int Attempts(JsonElement e, string result)
        => e.GetProperty("attempts").EnumerateArray().Count(attempt => Accounting.Text(attempt, "result") == result);
}
