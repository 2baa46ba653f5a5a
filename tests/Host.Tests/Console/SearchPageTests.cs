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

    [Fact]
    public async Task Event_is_found_by_any_of_its_ids()
    {
        await using var host = GatewayHost.Start();
        var webhooks = new Webhooks();
        var webhook = webhooks.Next() with { EventId = "evt-find-1", ShipmentId = "sh-find-1", ShippingCompanyId = "dhl" };
        var key = await host.Client.AcceptedAsync(webhook);
        await host.Client.AcceptedAsync(webhooks.Next() with { EventId = "evt-find-2", ShipmentId = "sh-find-2" });
        await host.Client.StatusAsync(key, "processed");
        var e = await host.Client.EventAsync(key);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "events");
        visit.ExpectedError = "Failed to load resource";

        foreach (var (text, name) in new[]
        {
            (e.GetProperty("requestId").GetString()!, "requestId"), ("sh-find-1", "shipmentId"), ("evt-find-", "eventIdPrefix"),
            ("dhl.evt-f", "keyPrefix"), ("sh-f", "shipmentIdPrefix"),
            (e.GetProperty("routeId").GetString()!, "routeId"),
        })
        {
            await visit.GoAsync("events");
            await LookUpAsync(visit, text);
            await Expect(visit.Page).ToHaveURLAsync(new Regex($"#/events\\?{name}="));
            await Expect(visit.Page.Locator("tbody").GetByRole(AriaRole.Link, new() { Name = "evt-find-1" })).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task Every_filter_of_the_form_is_in_the_address_and_comes_back_from_it()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "events");
        var texts = new Dictionary<string, string>
        {
            ["eventId"] = "evt*", ["shipmentId"] = "sh*", ["merchantId"] = "m 1", ["shippingCompanyId"] = "dhl",
            ["source"] = "gateway",
            ["requestId"] = "r-1", ["traceId"] = new string('a', 32), ["routeId"] = "RT-1", ["errorText"] = "answered 503",
        };
        foreach (var (name, text) in texts) await Field(visit, name).FillAsync(text);
        await Field(visit, "status").SelectOptionAsync("failed");
        await Field(visit, "type").SelectOptionAsync("SHIPMENT_CREATED");
        await Field(visit, "outcome").SelectOptionAsync("retries-exhausted");
        await Field(visit, "last").SelectOptionAsync("24h");
        var asked = visit.Page.WaitForRequestAsync(new Regex("/v1/events-gateway/events\\?"));
        await visit.Button("Search").ClickAsync();

        await Expect(visit.Page.GetByText("No matching events")).ToBeVisibleAsync();
        var sent = System.Web.HttpUtility.ParseQueryString(new Uri((await asked).Url).Query);
        (sent["eventIdPrefix"], sent["shipmentIdPrefix"], sent["errorText"], sent["last"])
            .ShouldBe(("evt", "sh", "answered 503", null));
        DateTimeOffset.Parse(sent["from"]!, System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBeLessThan(DateTimeOffset.UtcNow.AddHours(-23));
        await visit.Page.ReloadAsync();
        await Expect(visit.Page.GetByText("No matching events")).ToBeVisibleAsync();
        foreach (var (name, text) in texts) await Expect(Field(visit, name)).ToHaveValueAsync(text);
        await Expect(Field(visit, "last")).ToHaveValueAsync("24h");
        await Expect(Field(visit, "status")).ToHaveValueAsync("failed");
        await Expect(Field(visit, "from")).ToBeHiddenAsync();
        await Field(visit, "last").SelectOptionAsync("custom");
        await Field(visit, "from").FillAsync("2026-03-01T10:20:30");
        await visit.Button("Search").ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(new Regex("from=2026-03-01T"));
        await Expect(Field(visit, "from")).ToHaveValueAsync("2026-03-01T10:20:30");
    }

    [Fact]
    public async Task Number_of_matches_is_shown_and_the_export_has_as_many_lines()
    {
        await using var host = GatewayHost.Start();
        await Task.WhenAll(new Webhooks().Take(70).Select(host.Client.AcceptedAsync));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "events?last=1h");
        await Expect(visit.Page.Locator("[data-total]")).ToHaveTextAsync("of 70 matches");

        var exported = visit.Page.WaitForDownloadAsync();
        await visit.Link("Export").ClickAsync();

        var download = await exported;
        download.SuggestedFilename.ShouldBe("events.ndjson");
        var lines = await File.ReadAllLinesAsync(await download.PathAsync());
        lines.Length.ShouldBe(70);
        lines.ShouldAllBe(line => line.StartsWith("{\"key\":\""));
    }

    [Fact]
    public async Task Search_without_an_index_says_how_far_it_reached_and_continues_from_there()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.Page.RouteAsync("**/v1/events-gateway/events?**", route => route.FulfillAsync(
            new() { Body = """{"items":[],"nextCursor":null,"searchedFrom":"2024-03-01T10:00:00.000Z"}""" }));
        await visit.GoAsync("events?routeId=R-1&last=7d");

        await Expect(visit.Page.Locator(".note.is-neutral"))
            .ToContainTextAsync("the newest 250,000 events were compared, back to 1 Mar 2024, 11:00:00.");
        await visit.Link("Search earlier events").ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(new Regex("routeId=R-1&from=.+&to=2024-03-01T10%3A00%3A00.000Z$"));
    }

    private static ILocator Field(ConsoleVisit visit, string name) => visit.Page.Locator($"form.search [name={name}]");

    private static async Task LookUpAsync(ConsoleVisit visit, string text)
    {
        await visit.Page.GetByLabel("Any ID").FillAsync(text);
        await visit.Button("Look up").ClickAsync();
    }
}
