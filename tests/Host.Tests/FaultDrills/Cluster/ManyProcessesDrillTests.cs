using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.Host.Tests.CrashDrill;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.FaultDrills.Cluster;

/// <summary>
/// Several processes of each role under load, with exact accounting:
/// <c>dotnet test --project tests/Host.Tests --filter-class "*ManyProcessesDrillTests" --explicit only</c>.
/// </summary>
[Collection(FaultDrillCollection.Name)]
public sealed class ManyProcessesDrillTests(DrillBackends backends, ITestOutputHelper output)
{
    private const int Kills = 60;
    private const int PerSecond = 30;
    private const double SecondsBetweenKills = 10;

    // Of three workers: 60 calls per second, so slots that a kill took away lower the rate, and a busy machine does not.
    private const int SlotsOfWorker = 10;
    private const int CallMs = 500;

    // The backlog lasts longer than the calls that are measured: some of its events need no call.
    private const double SecondsOfBacklog = 50;
    private const int CallsOfStart = 40;
    private const int CallsMeasured = 400;

    [Fact(Explicit = true)]
    public Task Sixty_kills_lose_and_double_no_event_and_lower_no_rate() => Drill.RunAsync(backends, output, async drill =>
    {
        drill.Settings.Add(("Processing:Prefetch", $"{SlotsOfWorker}"));
        await using var load = await ClusterLoad.StartAsync(
            drill, PerSecond, ingestProcesses: 2, workerProcesses: 3, delayMs: CallMs);
        var before = await DrainRateAsync(drill, load);

        load.BeginMeasurement();
        var kills = 0;
        for (var started = Stopwatch.GetTimestamp(); kills < Kills;)
        {
            await load.AcceptedAsync(drill.Random.NextDouble() * SecondsBetweenKills);
            Replica[] victims = [.. load.IngestReplicas, .. load.Workers];
            drill.Random.Shuffle(victims);
            victims = victims[..drill.Random.Next(1, 3)];
            await Task.WhenAll(victims.Select(victim => victim.KillAsync()));
            await Task.WhenAll(victims.Select(victim => victim.StartAsync()));
            kills += victims.Length;
            load.Report($"{kills} kills in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s");
        }

        var after = await DrainRateAsync(drill, load);
        await load.ShouldAddUpAsync();
        after.ShouldBeGreaterThanOrEqualTo(0.8 * before);
    });

    [Fact(Explicit = true)]
    public Task Eight_processes_share_the_work_and_lose_and_double_no_event() => Drill.RunAsync(backends, output, async drill =>
    {
        await using var load = await ClusterLoad.StartAsync(
            drill, PerSecond * 3, ingestProcesses: 3, workerProcesses: 5, delayMs: CallMs);
        load.BeginMeasurement();
        var processes = await Until.TrueAsync(
            async () => (await load.Workers[0].Client.GetAsync($"{GatewayClient.BasePath}/processes")).GetProperty("items"),
            items => items.GetArrayLength() == 8 && items.EnumerateArray().All(IsAtWork));
        await load.AcceptedAsync(SecondsOfBacklog);
        foreach (var process in processes.EnumerateArray()) drill.Report(process.GetRawText());
        load.Report("3 ingest and 5 worker processes");
        await load.ShouldAddUpAsync();
    });

    private static bool IsAtWork(JsonElement process)
        => process.GetProperty("rates") is var rates
           && rates.GetProperty("accepted").GetDouble() + rates.GetProperty("processed").GetDouble() > 0;

    /// <summary>Events per second that the workers end while they have a backlog.</summary>
    private static async Task<double> DrainRateAsync(Drill drill, ClusterLoad load)
    {
        await drill.ReadyAsync();
        var http = load.Workers[0].Client.Http;
        (await http.PostAsJsonAsync($"{GatewayClient.BasePath}/pauses", new { })).EnsureSuccessStatusCode();
        await load.AcceptedAsync(SecondsOfBacklog);
        var calls = await load.Stub.RequestsAsync() + CallsOfStart;
        (await http.DeleteAsync($"{GatewayClient.BasePath}/pauses")).EnsureSuccessStatusCode();
        var (first, began) = await EndedAtAsync(load, calls);
        var (last, ended) = await EndedAtAsync(load, calls + CallsMeasured);
        var rate = (last - first) / Stopwatch.GetElapsedTime(began, ended).TotalSeconds;
        drill.Report(string.Create(CultureInfo.InvariantCulture, $"drain rate {rate:0.0} events/s"));
        return rate;
    }

    private static async Task<(long Events, long At)> EndedAtAsync(ClusterLoad load, long calls)
    {
        await Until.TrueAsync(load.Stub.RequestsAsync, requests => requests >= calls, Accounting.Timeout);
        var counts = await load.Workers[0].Client.SnapshotAsync();
        counts.GetProperty("pending").GetInt64().ShouldBeGreaterThan(SlotsOfWorker, "the backlog has ended");
        return (counts.GetProperty("processed").GetInt64() + counts.GetProperty("failed").GetInt64(), Stopwatch.GetTimestamp());
    }
}
