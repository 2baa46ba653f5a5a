using System.Text.RegularExpressions;
using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

[Collection(ConsoleCollection.Name)]
public sealed class AuditPageTests(Chromium chromium)
{
    [Fact]
    public async Task An_erasure_asks_for_the_id_twice_and_stands_in_the_audit_record()
    {
        await using var host = GatewayHost.Start();
        var webhook = new Webhooks().Next();
        var key = await host.Client.AcceptedAsync(webhook);
        await host.Client.StatusAsync(key, "processed");
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "audit");

        await visit.Page.GetByLabel("Its id").FillAsync(webhook.ShipmentId);
        await visit.Button("Erase…").ClickAsync();
        var again = visit.Page.GetByLabel("Type the id of the shipment again");
        await again.FillAsync("another");
        await Expect(visit.Button("Erase for ever")).ToBeDisabledAsync();
        await again.FillAsync(webhook.ShipmentId);
        await visit.Button("Erase for ever").ClickAsync();

        await Expect(visit.Page.Locator(".note.is-good")).ToContainTextAsync("Erased: 1 event and 1 shipment.");
        await Expect(visit.Page.Locator("tbody tr").First).ToContainTextAsync("Erasure");
        await visit.GoAsync($"events/{key}");
        await Expect(visit.Page.GetByText("What is left of this event")).ToBeVisibleAsync();
        (await visit.Page.Locator("main").TextContentAsync())!.ShouldNotContain(webhook.ShipmentId);
    }

    [Fact]
    public async Task Older_records_are_pages_away_and_each_page_has_an_address()
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
    public async Task An_erasure_of_what_nobody_knows_claims_nothing()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "audit");

        await visit.Page.GetByLabel("Its id").FillAsync("nobody-knows");
        await visit.Button("Erase…").ClickAsync();
        await visit.Page.GetByLabel("Type the id of the shipment again").FillAsync("nobody-knows");
        await visit.Button("Erase for ever").ClickAsync();

        await Expect(visit.Page.Locator(".note.is-calm")).ToContainTextAsync("Nothing is kept under this id: nobody-knows.");
    }
}
