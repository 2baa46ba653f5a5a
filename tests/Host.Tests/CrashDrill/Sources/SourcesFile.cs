using System.Net.Http.Json;
using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.CrashDrill.Sources;

/// <summary>The file with the source of the drills. Its mapping cannot read every item before it is repaired.</summary>
internal sealed class SourcesFile(TempFolder folder)
{
    public const string Source = "courier";
    public const string Secret = "drill-0123456789abcdef";

    /// <summary>Shows in the list of sources that a process has read the repaired file.</summary>
    private const string Mark = "repaired";

    private const string First = """
        { "courier": {
            "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "drill-0123456789abcdef" }],
            "Verify": { "Signature": "{header.X-Signature}" },
            "Take": [{ "Value": "$.scope", "Is": ["push"] }],
            "Each": "$.items[*]",
            "Map": { "Id": "$.id", "Shipment": "$.shipment", "Type": "$.state",
                     "Types": { "SHIPMENT_DELIVERED": ["done"], "skip": ["noise"] }, "OccurredAt": { "Value": "$.at" } } }
        """;

    private const string Second = """
          "repaired": {
            "Preset": "token", "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "another-token-of-16" }],
            "Verify": { "Signature": "{header.X-Token}" }, "Map": { "Shipment": "$.shipment", "Type": "$.state" } }
        """;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(700);

    public string Path { get; } = System.IO.Path.Combine(folder.Path, "sources.json");

    public void WriteFirst() => File.WriteAllText(Path, First + "}");

    /// <param name="id">The repaired <c>Map.Id</c>.</param>
    public void WriteMended(string id = "{$.id ?? $.key}")
        => File.WriteAllText(Path, $"{First.Replace("\"$.id\"", $"\"{id}\"", StringComparison.Ordinal)},{Second}}}");

    /// <summary>Writes the repaired file; returns when the processes have read it.</summary>
    public async Task MendAsync(params IEnumerable<GatewayClient> gateways)
    {
        WriteMended();
        foreach (var gateway in gateways) await IsReadAsync(gateway);
    }

    public static Task IsReadAsync(GatewayClient gateway) => Until.TrueAsync(
        () => gateway.GetAsync($"{GatewayClient.BasePath}/sources"),
        list => list.GetProperty("items").EnumerateArray().Any(source => source.Text("name") == Mark));

    /// <summary>
    /// An operator who writes the file again and again, broken too, and replays all containers each time. At the end the file is
    /// valid, because a process does not start with a broken one. Returns the number of replayed containers.
    /// </summary>
    public async Task<int> ChangeAndReplayUntilAsync(Func<GatewayClient> gateway, Random random, CancellationToken stop)
    {
        using var pace = new PeriodicTimer(Pace);
        var replayed = 0;
        while (!stop.IsCancellationRequested)
        {
            WriteAny(random.Next(4));
            replayed += await ReplayAsync(gateway());
            await pace.WaitForNextTickAsync(CancellationToken.None);
        }

        WriteAny(random.Next(2));
        return replayed;
    }

    /// <summary>Replays all containers that could not be mapped; returns their number, zero without an answer.</summary>
    public static async Task<int> ReplayAsync(GatewayClient gateway)
    {
        try
        {
            using var answer = await gateway.Http.PostAsJsonAsync(
                $"{GatewayClient.BasePath}/replays", new { filter = new { outcome = "unmapped" } });
            return answer.IsSuccessStatusCode
                ? (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("replayed").GetInt32()
                : 0;
        }
        catch (HttpRequestException)
        {
            // The process, or its store, has ended; perhaps after some were replayed.
            return 0;
        }
    }

    private void WriteAny(int which)
    {
        switch (which)
        {
            case 0: WriteFirst(); break;
            case 1: WriteMended(); break;
            case 2: File.WriteAllText(Path, First); break;
            default: File.WriteAllText(Path, ""); break;
        }
    }
}
