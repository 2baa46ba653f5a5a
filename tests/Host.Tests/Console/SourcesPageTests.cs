using System.Text;
using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

[Collection(ConsoleCollection.Name)]
public sealed class SourcesPageTests(Chromium chromium)
{
    [Fact]
    public async Task List_shows_numbers_proof_and_findings_and_leads_to_the_source()
    {
        await using var host = GatewayHost.Start(ConfiguredSource.Settings);
        await ConfiguredSource.SendAsync(host);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "sources");

        var row = visit.Page.Locator("tbody tr", new() { HasText = "courier" });
        await Expect(row).ToContainTextAsync("identity only");
        await Expect(row).ToContainTextAsync("courier: rejected since");
        await Expect(row.Locator("svg.sparkline")).ToHaveAttributeAsync(
            "aria-label", "Last hour: 1 event accepted, 3 requests not accepted");
        await visit.Link("courier").ClickAsync();

        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync("courier");
        await Expect(visit.Page.Locator("details[data-reason=invalid_signature]")).ToHaveCountAsync(3);
        await Expect(visit.Page.Locator("table[aria-label='Secrets'] tbody tr")).ToContainTextAsync("a");
        await Expect(visit.Page.Locator("table[aria-label='Unknown types'] tbody tr")).ToContainTextAsync("picked");
        (await visit.Page.ContentAsync()).ShouldNotContain(ConfiguredSource.Token);
    }

    [Fact]
    public async Task Failed_events_of_a_source_are_shown_apart()
    {
        await using var host = GatewayHost.Start(ConfiguredSource.Settings);
        await ConfiguredSource.SendAsync(host);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "sources/courier");
        await visit.Link("Failed events").ClickAsync();

        await Expect(visit.Page.Locator("[data-outcome=unmapped]")).ToBeVisibleAsync();
        await visit.Page.GetByLabel("Source").SelectOptionAsync("gateway");
        await Expect(visit.Page.Locator("main")).ToContainTextAsync("No failed events.");
        await Expect(visit.Page.Locator("[data-outcome]")).ToHaveCountAsync(0);
        await visit.Page.GetByLabel("Source").SelectOptionAsync("All sources");

        await Expect(visit.Page.Locator("[data-outcome=unmapped]")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Findings_stand_on_the_overview()
    {
        await using var host = GatewayHost.Start(ConfiguredSource.Settings);
        await ConfiguredSource.SendAsync(host);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);

        await Expect(visit.Page.Locator(".status-summary")).ToContainTextAsync("signature does not match (3 requests)");
        await visit.Link("See the source").First.ClickAsync();

        await Expect(visit.Page.Locator("h1")).ToHaveTextAsync("courier");
    }

    [Fact]
    public async Task Pasted_request_is_tried()
    {
        await using var host = GatewayHost.Start(ConfiguredSource.Settings);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "sources/courier");

        await visit.Page.GetByLabel("Headers, one per line")
            .FillAsync($"> Host: x\n> X-Token: Bearer {ConfiguredSource.Token}\n> Accept: */*");
        await visit.Page.GetByLabel("Body").FillAsync("""{ "id": "1", "shipment": "s-1", "state": "picked" }""");
        await visit.Button("Try").ClickAsync();

        await Expect(visit.Page.Locator("[data-result=rejected]")).ToBeVisibleAsync();
        await Expect(visit.Page.GetByText("Prefix \"Bearer \"")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("table[aria-label='Mapped events']")).ToContainTextAsync("courier.1");
        await visit.Page.GetByLabel("Headers, one per line").FillAsync($"X-Token: {ConfiguredSource.Token}");
        await visit.Button("Try").ClickAsync();
        await Expect(visit.Page.Locator("[data-result=mapped]")).ToBeVisibleAsync();
        (await host.Client.CountsAsync()).GetProperty("accepted").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Unmapped_requests_are_listed_and_replayed()
    {
        await using var host = GatewayHost.Start(ConfiguredSource.Settings);
        await ConfiguredSource.PostAsync(host, """{ "id": "9" }""", ConfiguredSource.Token);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "sources/courier");
        var requests = visit.Page.Locator("table[aria-label^='Unmapped requests'] tbody tr");
        await Expect(requests).ToContainTextAsync("$.shipment is missing");

        await visit.Button("Replay all").ClickAsync();

        await Expect(visit.Page.GetByText("1 request replayed")).ToBeVisibleAsync();
        // The mapping is the same, so that the container fails again.
        await Until.TrueAsync(
            () => host.Client.GetAsync("/v1/events-gateway/events?outcome=unmapped&source=courier"),
            list => list.GetProperty("items").EnumerateArray().Any(one => one.GetProperty("generation").GetInt32() == 2));
        await visit.Link("List").ClickAsync();
        await Expect(visit.Page.GetByLabel("Source", new() { Exact = true })).ToHaveValueAsync("courier");
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task Setup_for_the_courier_can_be_copied()
    {
        await using var host = GatewayHost.Start(ConfiguredSource.Settings);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "sources/courier");
        await visit.AllowClipboardAsync();

        await visit.Button("Copy setup").ClickAsync();
        await Expect(visit.Page.GetByText("Copied")).ToBeVisibleAsync();

        var text = await visit.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        text.ShouldContain($"URL: {new Uri(host.Address, "/v1/sources/courier")}");
        text.ShouldContain("The secret is sent in the header X-Token of every request.");
        text.ShouldNotContain(ConfiguredSource.Token);
    }
}

/// <summary>A source with a token, and requests for it.</summary>
internal static class ConfiguredSource
{
    public const string Token = "a-token-of-the-courier";

    public static readonly (string, string)[] Settings =
    [
        ("Sources:courier:Preset", "token"), ("Sources:courier:Merchant", "m-1"),
        ("Sources:courier:Secrets:0:Id", "a"), ("Sources:courier:Secrets:0:Value", Token),
        ("Sources:courier:Verify:Signature", "{header.X-Token}"), ("Sources:courier:Map:Id", "$.id"),
        ("Sources:courier:Map:Shipment", "$.shipment"), ("Sources:courier:Map:Type", "$.state"),
        ("Sources:courier:Map:Types:SHIPMENT_DELIVERED:0", "done"),
    ];

    /// <summary>A request that is mapped, one that is not, and three without the right token.</summary>
    public static async Task SendAsync(GatewayHost host)
    {
        await PostAsync(host, """{ "id": "7", "shipment": "s-1", "state": "picked" }""", Token);
        await PostAsync(host, """{ "id": "8" }""", Token);
        for (var i = 0; i < 3; i++) await PostAsync(host, "{}", "another token");
        await host.Client.StatusAsync("courier.7", "processed");
    }

    public static async Task PostAsync(GatewayHost host, string body, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/sources/courier")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
        };
        request.Headers.TryAddWithoutValidation("X-Token", token);
        using var answer = await host.Client.Http.SendAsync(request);
    }
}
