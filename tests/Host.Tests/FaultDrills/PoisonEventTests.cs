using System.Text.Json;
using Gateway.Host.Tests.CrashDrill;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>
/// An event that kills its worker at every attempt. The long drill (<c>GATEWAY_DRILL_ROUNDS</c> above 1; about six minutes)
/// continues until the event fails as poison.
/// </summary>
[Collection(FaultDrillCollection.Name)]
public sealed class PoisonEventTests(DrillBackends backends, ITestOutputHelper output)
{
    private const int Events = 60;
    private const int KillsOfPoison = 10;

    [Fact]
    public Task Event_that_kills_its_worker_does_not_fail_other_events() => Drill.RunAsync(backends, output, async drill =>
    {
        drill.Settings.AddRange(Drill.LongDeadlines);
        await using var routing = await FakeRoutingService.StartAsync();
        var ingest = await drill.IngestAsync();
        await drill.ReadyAsync();
        var keys = await Task.WhenAll(new Webhooks(drill.Seed).Take(Events).Select(ingest.Client.AcceptedAsync));
        var poison = keys[drill.Random.Next(Events)];
        var kills = DrillSettings.Rounds(byDefault: 1) > 1 ? KillsOfPoison : 2;
        // The first call of every event stays unanswered, so that the first kill hits all events in flight.
        var never = new TaskCompletionSource().Task;
        routing.Answer = (call, number) => (call.IdempotencyKey == poison && number <= kills) || number == 1
            ? FakeRoutingService.HeldBack(never, FakeRoutingService.Routed(call))
            : FakeRoutingService.Routed(call);

        var worker = await drill.WorkerAsync(routing.Url);
        for (var kill = 1; kill <= kills; kill++)
        {
            await Until.TrueAsync(() => routing.CallsOf(poison).Count() == kill, Accounting.Timeout);
            await worker.KillAsync();
            await worker.StartAsync();
        }

        await worker.Client.SettledAsync(Accounting.Timeout);
        var events = (await Accounting.DetailsAsync(worker.Client, keys)).ToDictionary(e => Accounting.Text(e, "key")!);
        Attempts(events[poison], "abandoned").ShouldBe(kills, events[poison].GetRawText());
        Accounting.Text(events[poison], "outcome").ShouldBe(kills == KillsOfPoison ? "poison" : "routed");
        foreach (var innocent in events.Values.Where(e => Accounting.Text(e, "key") != poison))
        {
            Accounting.Text(innocent, "outcome").ShouldBe("routed", innocent.GetRawText());
            var calls = routing.CallsOf(Accounting.Text(innocent, "key")!).Count();
            calls.ShouldBeLessThanOrEqualTo(
                1 + Attempts(innocent, "abandoned") + Attempts(innocent, "timed-out"), innocent.GetRawText());
        }

        drill.Report($"{Events} events, {kills} kills, {routing.Calls.Count} calls");
    });

    private static int Attempts(JsonElement e, string result)
        => e.GetProperty("attempts").EnumerateArray().Count(attempt => Accounting.Text(attempt, "result") == result);
}
