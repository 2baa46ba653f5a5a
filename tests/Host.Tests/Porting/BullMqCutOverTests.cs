using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Host.Tests.CrashDrill;
using Gateway.Host.Tests.FaultDrills;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Porting;

/// <summary>docs/porting/4-cut-over.md with the BullMQ version: there, back, and there again, with kills.</summary>
[Collection(FaultDrillCollection.Name)]
public sealed class BullMqCutOverTests(DrillBackends backends, ITestOutputHelper output)
{
    private const string Return = $"{GatewayClient.BasePath}/return";

    [Fact]
    public Task BullMq_version_is_replaced_comes_back_and_is_replaced_again() => Drill.RunAsync(backends, output, async drill =>
    {
        var record = new CutOverRecord(drill);
        await using var stub = await RoutingStub.StartAsync(delayMs: 30);
        await using var original = await BullMqOriginal.StartAsync(drill);
        drill.Settings.AddRange(Drill.LongDeadlines);

        // The original has routed 9 events and is killed with one of them still active; others wait in each state.
        var done = record.Take(9);
        await original.EnqueueAsync(done);
        await original.WorkAsync(9, isKilled: true);
        record.DoneByOriginal.UnionWith(original.Routed);
        foreach (var (state, count) in new[] { ("wait", 20), ("paused", 5), ("prioritized", 4), ("delayed", 3), ("failed", 5) })
            await original.EnqueueAsync(record.Take(count), state);
        var failed = record.Take(1);
        await original.EnqueueAsync(failed, "failed");
        await original.EnqueueAsync(record.Take(1), "active");

        // Our ingest takes new events, and repeats of old ones; the script sends the jobs twice, and is killed the first time.
        var ingest = await drill.IngestAsync();
        await ingest.ReadyAsync();
        await CutOverRecord.PostAsync(ingest, [.. record.Take(15), .. done.Take(3)]);
        await Reposter.KillAfterAsync(jobs: 12, drill.Backends.Redis, original.Prefix, ingest);
        var worker = await drill.WorkerAsync(stub.Url);
        await worker.ReadyAsync();
        var row = await worker.Client.GetAsync($"{GatewayClient.BasePath}/events/.{failed[0].EventId}");
        (row.Text("status"), row.GetProperty("replayable").GetBoolean()).ShouldBe(("failed", false));
        row.Text("body").ShouldNotBeNull().ShouldContain("\"payload\" : { \"origin\"");
        (await RepostAsync(jobs: 40)).ShouldBe(0);
        await worker.KillAsync();
        await worker.StartAsync();
        await record.ShouldAddUpAsync(worker.Client, stub, original.Rows);

        // Back: it skips the jobs that it still has, and the repeats of what we have processed.
        await Until.TrueAsync(
            () => worker.Client.GetAsync(Return), check => check.GetProperty("safe").GetBoolean(), Accounting.Timeout);
        using (var prepared = await worker.Client.Http.PostAsync(Return, null))
            (await prepared.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("prepared").GetBoolean().ShouldBeTrue();
        await worker.KillAsync();
        await original.WorkAsync(20);
        original.Routed.ShouldBe(record.DoneByOriginal, ignoreOrder: true);
        await original.EnqueueAsync(record.Take(5));
        await original.WorkAsync(5);
        record.DoneByOriginal.UnionWith(original.Routed);
        await original.EnqueueAsync(record.Take(2));

        // There again.
        drill.Settings.Add(("Mongo:DropLegacyIndexes", "true"));
        worker = await drill.WorkerAsync(stub.Url);
        await worker.ReadyAsync();
        (await RepostAsync(jobs: 22)).ShouldBe(0);
        await record.ShouldAddUpAsync(worker.Client, stub, original.Rows);

        async Task<int> RepostAsync(int jobs)
        {
            var (code, lines) = await Reposter.RunAsync(
                drill.Backends.Redis, original.Prefix, new Uri(ingest.Process.Address, GatewayClient.BasePath), output);
            lines.ShouldContain(line => line.StartsWith("total", StringComparison.Ordinal) && line.Contains($" {jobs} jobs,"));
            return code;
        }
    });
}
