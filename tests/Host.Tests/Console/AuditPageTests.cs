using System.Text.RegularExpressions;
using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

[Collection(ConsoleCollection.Name)]
public sealed class AuditPageTests(Chromium chromium)
{
    [Fact]
    public async Task Erasure_asks_for_the_id_twice_and_is_recorded_in_the_audit_log()
    {
        await using var host = GatewayHost.Start();
        var webhook = new Webhooks().Next();
        var key = await host.Client.AcceptedAsync(webhook);
        await host.Client.StatusAsync(key, "processed");
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "erasure");

        await visit.Page.GetByLabel("ID to erase").FillAsync(webhook.ShipmentId);
        await visit.Button("Erase…").ClickAsync();
        var again = visit.Page.GetByLabel("Type the shipment ID again");
        await again.FillAsync("another");
        await Expect(visit.Button("Erase permanently")).ToBeDisabledAsync();
        await again.FillAsync(webhook.ShipmentId);
        await visit.Button("Erase permanently").ClickAsync();

        await Expect(visit.Page.Locator(".note.is-good")).ToContainTextAsync("Erased: 1 event and 1 shipment.");
        await visit.Link("audit log").ClickAsync();
        await Expect(visit.Page.Locator("tbody tr").First).ToContainTextAsync("Erasure");
        await visit.GoAsync($"events/{key}");
        await Expect(visit.Page.GetByText("Tombstone: ")).ToBeVisibleAsync();
        (await visit.Page.Locator("main").TextContentAsync())!.ShouldNotContain(webhook.ShipmentId);
    }

    [Fact]
    public async Task Older_audit_records_are_on_further_pages_with_their_own_address()
    {
        await using var host = GatewayHost.Start();
        for (var i = 0; i < 52; i++) await host.Client.ReplayAsync(new { keys = new[] { "dhl.unknown" } });
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "audit");
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(50);

        await visit.Link("Older").ClickAsync();

        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(2);
        await Expect(visit.Link("Older")).ToHaveCountAsync(0);
        await Expect(visit.Page).ToHaveURLAsync(new Regex("#/audit\\?cursor=.+"));
        await visit.Page.ReloadAsync();
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(2);
        await visit.Link("Newest").ClickAsync();
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(50);
    }

    [Fact]
    public async Task Erasure_of_an_unknown_id_reports_that_no_data_was_found()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "erasure");

        await visit.Page.GetByLabel("ID to erase").FillAsync("unknown");
        await visit.Button("Erase…").ClickAsync();
        await visit.Page.GetByLabel("Type the shipment ID again").FillAsync("unknown");
        await visit.Button("Erase permanently").ClickAsync();

        await Expect(visit.Page.Locator(".note.is-neutral")).ToContainTextAsync("No data found for ID unknown.");
    }
}
