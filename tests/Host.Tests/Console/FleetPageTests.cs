using Gateway.Host.Tests.Console.Browser;
using Gateway.Shared.Mongo;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

/// <summary>The processes of a gateway, as the page of any of them shows them.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class FleetPageTests(Chromium chromium)
{
    [Fact]
    public async Task Ingest_process_without_a_store_shows_all_processes_also_a_dead_one_and_says_what_it_cannot_show()
    {
        var backends = await Backends.SharedAsync();
        var sandbox = backends.NewSandbox();
        using var folder = new TempFolder();
        // The address of the configuration file names no store.
        var withoutStore = new Dictionary<string, string>(sandbox) { ["Mongo:Uri"] = new MongoOptions().Uri };
        await using (var ingest = GatewayHost.Start([
            .. withoutStore.Select(setting => (setting.Key, setting.Value)), ("Role", "Ingest")]))
        await using (var worker = await GatewayProcess.StartAsync(folder.Path, [
            .. sandbox.Select(setting => ($"Gateway__{setting.Key.Replace(":", "__", StringComparison.Ordinal)}", setting.Value)),
            ("Gateway__Role", "Worker")]))
        await using (var visit = await ConsoleVisit.BeginAsync(chromium, ingest.Address, "processes"))
        {
            visit.ExpectedError = "Failed to load resource";
            var rows = visit.Page.Locator("table[aria-label='Processes'] tbody tr");
            var dead = rows.Filter(new() { HasText = $"{worker.Id} on" });
            await Expect(dead).ToContainTextAsync("ready");
            await Expect(rows).ToHaveCountAsync(2);
            await Expect(rows.First).ToContainTextAsync("(this one)");
            await Expect(rows.First).ToContainTextAsync("Ingest");

            await worker.KillAsync();

            await Expect(dead).ToContainTextAsync("missing");
            await Expect(dead).ToContainTextAsync("It says nothing, and did not stop");
            await visit.GoAsync("events");
            await Expect(visit.Page.Locator(".note.is-warn").First)
                .ToContainTextAsync("this ingest process has no store; ask one with the role Worker or All");
        }

        await backends.ClearAsync(sandbox);
    }
}
