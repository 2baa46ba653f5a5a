using System.Net.Http.Json;
using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.LoadTest.Tests.EndToEnd;

public sealed class SourceLoadTests : IDisposable
{
    /// <summary>Requests before the load, which its accounting leaves out.</summary>
    private const int First = 1;

    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Requests_of_every_preset_are_new_events_of_its_source()
    {
        var file = SourceFile.Write(_folder, SourceFile.Loadable);
        await using var gateway = GatewayHost.Start(("SourcesFile", file));

        var (exitCode, output) = await LoadAsync(
            gateway, file, [.. SourceFile.Loadable.SelectMany(name => new[] { "--source", name })],
            "--requests", $"{SourceFile.Loadable.Count * 4}", "--duplicates", "0.25", "--drain");

        exitCode.ShouldBe(0, output);
        var events = await gateway.Client.CountsAsync();
        // Beside the load, each sample was sent once before it.
        var accepted = events.GetProperty("accepted").GetInt64();
        accepted.ShouldBeGreaterThanOrEqualTo(AcceptedIn(output) + SourceFile.Loadable.Count);
        events.GetProperty("processed").GetInt64().ShouldBe(accepted);
        foreach (var name in SourceFile.Loadable) (await KeysOfAsync(gateway, name)).Count.ShouldBeGreaterThan(1, name);
    }

    [Fact]
    public async Task Sources_are_mixed_by_their_weights()
    {
        var file = SourceFile.Write(_folder, "easypost");
        await using var gateway = GatewayHost.Start(("SourcesFile", file));

        var (exitCode, output) = await LoadAsync(
            gateway, file, ["--source", "gateway=3", "--source", "easypost"], "--requests", "40", "--drain");

        exitCode.ShouldBe(0, output);
        (await KeysOfAsync(gateway, "gateway")).Count.ShouldBe(30 + First);
        (await KeysOfAsync(gateway, "easypost")).Count.ShouldBe(10 + First);
    }

    [Fact]
    public async Task Items_of_a_batch_are_counted_as_events_and_its_repeats_once()
    {
        var file = SourceFile.Write(_folder, "dhl-push");
        await using var gateway = GatewayHost.Start(("SourcesFile", file));

        var (exitCode, output) = await LoadAsync(
            gateway, file, ["--source", "dhl-push:100"], "--requests", "30", "--duplicates", "0.5", "--drain");

        exitCode.ShouldBe(0, output);
        var counts = LoadTool.ReportIn(_folder.Path).GetProperty("rounds")[0].GetProperty("gateway").GetProperty("counts");
        counts.GetProperty("acceptedEvents").GetInt64().ShouldBe(3_000);
        var distinct = 100 * (30 - counts.GetProperty("repeats").GetInt64());
        distinct.ShouldBeLessThan(3_000);
        AcceptedIn(output).ShouldBe(distinct);
        (await KeysOfAsync(gateway, "dhl-push")).Count.ShouldBe((int)distinct + (100 * First));
    }

    [Fact]
    public async Task Batches_of_items_within_items_have_their_number_of_events()
    {
        var file = SourceFile.Write(_folder, "fedex");
        await using var gateway = GatewayHost.Start(("SourcesFile", file));

        var (exitCode, output) = await LoadAsync(gateway, file, ["--source", "fedex:7"], "--requests", "5", "--drain");

        exitCode.ShouldBe(0, output);
        (await KeysOfAsync(gateway, "fedex")).Count.ShouldBe(35 + (7 * First));
    }

    [Fact]
    public async Task Two_sources_of_a_gateway_are_loaded_in_turn()
    {
        var file = SourceFile.Write(_folder, "easypost");
        await using var gateway = GatewayHost.Start(("SourcesFile", file));

        var (exitCode, output) = await LoadAsync(
            gateway, file, ["--source", "easypost", "--against-source", "gateway"], "--requests", "20", "--rounds", "2");

        exitCode.ShouldBe(0, output);
        var comparison = LoadTool.ReportIn(_folder.Path).GetProperty("comparison");
        comparison.GetProperty("ratioOther").GetProperty("median").GetDouble().ShouldBeGreaterThan(0);
        (await KeysOfAsync(gateway, "gateway")).Count.ShouldBe(40 + First);
        (await KeysOfAsync(gateway, "easypost")).Count.ShouldBe(40 + First);
    }

    public void Dispose() => _folder.Dispose();

    private Task<(int ExitCode, string Output)> LoadAsync(
        GatewayHost gateway, string file, string[] sources, params string[] load)
        => LoadTool.RunAsync(
            _folder.Path, gateway.Address, [.. sources, .. load, "--sources-file", file, "--concurrency", "10", "--warmup", "0"]);

    private long AcceptedIn(string output)
        => LoadTool.ReportIn(_folder.Path).GetProperty("rounds")[0].GetProperty("account").GetProperty("books")
            .GetProperty("accepted").TryGetInt64(out var accepted) ? accepted : throw new InvalidOperationException(output);

    private static async Task<List<string>> KeysOfAsync(GatewayHost gateway, string source)
    {
        var keys = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var from = cursor.Length == 0 ? "" : $"&cursor={cursor}";
            var page = await gateway.Client.Http.GetFromJsonAsync<JsonElement>(
                $"/v1/events-gateway/events?limit=200&source={source}{from}");
            keys.AddRange(page.GetProperty("items").EnumerateArray().Select(row => row.GetProperty("key").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }

        keys.ShouldBeUnique();
        return keys;
    }
}
