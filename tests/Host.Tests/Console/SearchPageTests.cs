using System.Text.RegularExpressions;
using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

[Collection(ConsoleCollection.Name)]
public sealed class SearchPageTests(Chromium chromium)
{
    [Fact]
    public async Task Event_is_found_by_shipping_company_and_event_id()
    {
        await using var host = GatewayHost.Start();
        var webhook = new Webhooks().Next() with { EventId = "an id/with signs" };
        var key = await host.Client.AcceptedAsync(webhook);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "events");

        await visit.Page.GetByLabel("Company, if known").FillAsync(webhook.ShippingCompanyId);
        await LookUpAsync(visit, webhook.EventId);

        await Expect(visit.Heading(key)).ToBeVisibleAsync();
        await Expect(visit.Page.Locator(".timeline")).ToBeVisibleAsync();
    }

    [Theory]
    [InlineData("evt-1", false)]
    [InlineData("an id/with signs", false)]
    [InlineData("evt.1", false)]
    [InlineData("evt.1", true)]
    public async Task Event_is_found_by_its_event_id_or_by_its_key(string id, bool isByKey)
    {
        await using var host = GatewayHost.Start();
        var key = await host.Client.AcceptedAsync(new Webhooks().Next() with { EventId = id });
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "events");
        // Chromium logs the 404 of an ID that looks like a key.
        visit.ExpectedError = "Failed to load resource";

        await LookUpAsync(visit, isByKey ? key : id);

        await Expect(visit.Heading(key)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Event_id_of_several_companies_shows_a_list()
    {
        await using var host = GatewayHost.Start();
        var webhook = new Webhooks().Next();
        foreach (var company in new[] { "dhl", "ups" })
            await host.Client.AcceptedAsync(webhook with { ShippingCompanyId = company });
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "events");

        await LookUpAsync(visit, webhook.EventId);

        await Expect(visit.Page.GetByRole(AriaRole.Textbox, new() { Name = "Event ID", Exact = true }))
            .ToHaveValueAsync(webhook.EventId);
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(2);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Search_for_a_rejected_event_links_to_its_request(bool isCompanyKnown)
    {
        await using var host = GatewayHost.Start();
        var webhook = new Webhooks().Next() with { OccurredAt = "yesterday" };
        (await host.Client.RejectedAsync(host.Client.SignedRequest(webhook.ToBytes()))).Status.ShouldBe(400);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "events");
        visit.ExpectedError = "Failed to load resource";

        if (isCompanyKnown) await visit.Page.GetByLabel("Company, if known").FillAsync(webhook.ShippingCompanyId);
        await LookUpAsync(visit, webhook.EventId);

        await Expect(visit.Page.Locator(".note.is-warn"))
            .ToContainTextAsync(new Regex("A request with this event ID was rejected .+: see why"));
        await Expect(visit.Page.GetByText("is found only by event ID and shipping company"))
            .ToHaveCountAsync(isCompanyKnown ? 0 : 1);
        await visit.Link("see why").ClickAsync();
        await Expect(visit.Page.Locator("details[data-reason=invalid_field][open]")).ToContainTextAsync(webhook.EventId);
    }

    [Fact]
    public async Task Event_and_rejected_request_are_found_by_their_request_id()
    {
        await using var host = GatewayHost.Start();
        var webhooks = new Webhooks();
        await host.Client.AcceptedAsync(webhooks.Next());
        using var request = host.Client.SignedRequest(webhooks.Next().ToBytes());
        request.Headers.Add("x-request-id", "req-7");
        using (await host.Client.Http.SendAsync(request)) { }
        var rejected = host.Client.SignedRequest("[]"u8.ToArray());
        rejected.Headers.Add("x-request-id", "req-8");
        (await host.Client.RejectedAsync(rejected)).Status.ShouldBe(400);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "events");

        await visit.Page.GetByLabel("Request ID").FillAsync("req-7");
        await visit.Button("Search").ClickAsync();

        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await visit.Page.Locator("tbody tr a").First.ClickAsync();
        await Expect(visit.Page.Locator(".properties").First).ToContainTextAsync("req-7");
        await visit.GoAsync("events?requestId=req-8");
        await Expect(visit.Page.Locator(".note.is-warn"))
            .ToContainTextAsync(new Regex("A request with this request ID was rejected .+: see why"));
        await visit.Link("see why").ClickAsync();
        await Expect(visit.Page.Locator("details[data-reason][open]")).ToContainTextAsync("req-8");
    }

    private static async Task LookUpAsync(ConsoleVisit visit, string text)
    {
        await visit.Page.GetByLabel("Event ID or key").FillAsync(text);
        await visit.Button("Look up").ClickAsync();
    }
}
