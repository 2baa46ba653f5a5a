using System.Net.Http.Json;
using System.Reflection;
using Gateway.EventsGateway;
using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

[Collection(ConsoleCollection.Name)]
public sealed class OverviewPageTests(Chromium chromium)
{
    [Fact]
    public async Task New_event_appears_without_a_reload()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await Expect(visit.Page.GetByText("No events yet.")).ToBeVisibleAsync();
        await visit.Page.EvaluateAsync("() => { window.isTheSamePage = true; }");
        var webhook = new Webhooks().Next();

        await host.Client.AcceptedAsync(webhook);

        var line = visit.Page.Locator(".summary-card li", new() { HasText = webhook.EventId });
        await Expect(line).ToContainTextAsync("processed");
        (await visit.Page.EvaluateAsync<bool>("() => window.isTheSamePage")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("__proto__")]
    [InlineData("__proto__/x")]
    [InlineData("constructor")]
    [InlineData("nothing?a=b")]
    public async Task Address_of_no_page_says_so(string view)
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, view);

        await Expect(visit.Heading("No such page")).ToBeVisibleAsync();
        await visit.Page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Link, new() { Name = "Overview" }).ClickAsync();
        await Expect(visit.Heading("No such page")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Counts_equal_those_of_the_operator_api()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);

        await Task.WhenAll(new Webhooks().Take(30).Select(host.Client.AcceptedAsync));
        var counts = await host.Client.SettledAsync();

        foreach (var name in new[] { "accepted", "pending", "processed", "failed" })
            await Expect(visit.Page.Locator($"[data-count={name}]")).ToHaveTextAsync($"{counts.GetProperty(name).GetInt64()}");
        await Expect(visit.Page.Locator(".status-summary")).ToContainTextAsync("The gateway is healthy.");
    }

    [Fact]
    public async Task Routing_is_paused_and_resumed_and_the_pause_is_said()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.LiveAsync();

        await visit.Button("Pause routing").ClickAsync();
        await visit.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();

        await Expect(visit.Page.Locator(".status-summary")).ToContainTextAsync("Routing is paused, events wait: all merchants");
        await visit.Button("Resume all merchants").ClickAsync();
        await Expect(visit.Page.Locator(".status-summary")).ToContainTextAsync("The gateway is healthy.");
    }

    [Fact]
    public async Task Source_is_paused_and_resumed()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.LiveAsync();

        await visit.Page.GetByLabel("Source; empty for all").FillAsync("gateway");
        await visit.Button("Pause routing").ClickAsync();
        await Expect(visit.Page.Locator("dialog")).ToContainTextAsync("Events of source gateway wait");
        await visit.Page.Locator("dialog").GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();

        await Expect(visit.Page.Locator(".status-summary")).ToContainTextAsync("Routing is paused, events wait: source gateway");
        await visit.Button("Resume source gateway").ClickAsync();
        await Expect(visit.Page.Locator(".status-summary")).ToContainTextAsync("The gateway is healthy.");
    }

    [Fact]
    public async Task Routing_outage_is_shown_and_disappears_after_recovery()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        routing.Answer = (_, _) => Results.StatusCode(503);
        await using var host = GatewayHost.Start(
            ("Routing:Url", routing.Url), ("Processing:MaxRetries", "1000"), ("Processing:RetryBase", "00:00:00.050"));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);

        await Task.WhenAll(new Webhooks().Take(20).Select(host.Client.AcceptedAsync));
        await Expect(visit.Heading("Routing service is down")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator(".tile", new() { HasText = "Routing service" })).ToContainTextAsync("Calls paused");
        await Expect(visit.Link("See pending events")).ToHaveAttributeAsync("href", "/console#/events?status=pending");

        routing.Answer = (call, _) => FakeRoutingService.Routed(call);
        await Expect(visit.Page.Locator(".status-summary")).ToContainTextAsync("The gateway is healthy.");
    }

    [Fact]
    public async Task Routing_service_that_answers_but_does_not_route_is_shown_as_failing()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        routing.Answer = (_, _) => Results.Json(new { routed = false });
        await using var host = GatewayHost.Start(
            ("Routing:Url", routing.Url), ("Processing:MaxRetries", "1000"), ("Processing:RetryBase", "00:00:00.050"),
            ("Routing:BreakerStreak", "10000"), ("Routing:BreakerMinimum", "10000"));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);

        await Task.WhenAll(new Webhooks().Take(5).Select(host.Client.AcceptedAsync));

        await Expect(visit.Heading("Most attempts fail: 100 % in the last ")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator(".tile[data-kind=bad]", new() { HasText = "Routing service" }))
            .ToContainTextAsync("Calls fail");
    }

    [Fact]
    public async Task Erased_failures_raise_no_warning_and_remain_counted()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        routing.Answer = (_, _) => Results.StatusCode(422);
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url), ("Processing:MaxRetries", "0"));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        var webhook = new Webhooks().Next();
        var badge = visit.Page.Locator("#nav .count");
        await host.Client.StatusAsync(await host.Client.AcceptedAsync(webhook), "failed");
        await Expect(badge).ToHaveTextAsync("1");

        using var erased = await host.Client.Http.PostAsJsonAsync(
            "v1/events-gateway/erasures", new { shipmentId = webhook.ShipmentId });
        erased.EnsureSuccessStatusCode();

        await Expect(badge).ToBeHiddenAsync();
        await Expect(visit.Page.Locator(".status-summary")).ToContainTextAsync("The gateway is healthy.");
        await Expect(visit.Page.Locator("[data-count=failed]")).ToHaveTextAsync("1");
    }

    [Fact]
    public async Task Lost_connection_is_shown_with_the_time_of_the_last_data()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        visit.ExpectedError = "Failed to load resource";
        await visit.LiveAsync();

        await host.StopAsync();

        var lost = visit.Page.Locator("#connection-lost");
        await Expect(lost).ToContainTextAsync("Connection lost. Since ");
        await Expect(lost).ToContainTextAsync("nothing is known; the page shows the state of then.");
        await Expect(visit.Page.Locator(".connection")).ToHaveTextAsync("Not live");
        await Expect(visit.Page).ToHaveTitleAsync("Not connected · Overview · Gateway console");
    }

    [Fact]
    public async Task Title_of_a_hidden_tab_follows_the_state()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await Expect(visit.Page).ToHaveTitleAsync("Healthy · Overview · Gateway console");
        await visit.Page.EvaluateAsync(
            "() => { Object.defineProperty(document, 'hidden', { value: true }); "
            + "document.dispatchEvent(new Event('visibilitychange')); }");

        using var paused = await host.Client.Http.PostAsJsonAsync("/v1/events-gateway/pauses", new { });

        await Expect(visit.Page).ToHaveTitleAsync("Attention (1) · Overview · Gateway console");
    }

    [Fact]
    public async Task Footer_shows_version_profile_and_role()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        var version = typeof(EventsGatewayModule).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!;

        await Expect(visit.Page.Locator("#footer"))
            .ToContainTextAsync($"Version {version.InformationalVersion.Split('+')[0]}, profile Embedded, role All.");
    }

    [Fact]
    public async Task Charts_have_a_text_description()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.LiveAsync();

        var charts = visit.Page.GetByRole(AriaRole.Img);

        await Expect(charts).ToHaveCountAsync(6);
        foreach (var chart in await charts.AllAsync())
            (await chart.GetAttributeAsync("aria-label"))!.ShouldContain(", last 5 min: ");
    }
}
