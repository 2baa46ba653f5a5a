using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

[Collection(ConsoleCollection.Name)]
public sealed class EventPageTests(Chromium chromium)
{
    [Fact]
    public async Task Timeline_shows_each_attempt_with_its_error_and_the_outcome()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        routing.Answer = (call, time) => time == 1 ? Results.StatusCode(503) : FakeRoutingService.Routed(call);
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url), ("Processing:RetryBase", "00:00:00.050"));
        var key = await host.Client.AcceptedAsync(new Webhooks().Next());
        await host.Client.StatusAsync(key, "processed");

        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, $"events/{key}");

        var items = visit.Page.Locator(".timeline li");
        await Expect(items.Filter(new() { HasText = "Attempt 1: Temporary error" })).ToContainTextAsync("503");
        await Expect(items.Filter(new() { HasText = "Attempt 2: Routed" })).ToHaveCountAsync(1);
        await Expect(items.Last).ToContainTextAsync($"Route RoID-{key}");
    }

    [Fact]
    public async Task Markup_from_a_sender_is_shown_as_text()
    {
        await using var host = GatewayHost.Start();
        const string markup = "<img src=x onerror=alert(1)>";
        var webhook = new Webhooks().Next() with { ShipmentId = markup, MerchantId = markup, Payload = new { note = markup } };
        var key = await host.Client.AcceptedAsync(webhook);
        await host.Client.StatusAsync(key, "processed");

        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, $"events/{key}");
        await Expect(visit.Page.Locator("pre[aria-label=Body]")).ToContainTextAsync("note");
        await Expect(visit.Page.Locator("main img")).ToHaveCountAsync(0);
        await visit.GoAsync("events");

        await Expect(visit.Page.GetByText(markup).First).ToBeVisibleAsync();
        await Expect(visit.Page.Locator("main img")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Conflict_is_shown_on_the_page_of_its_event()
    {
        await using var host = GatewayHost.Start();
        var webhook = new Webhooks().Next();
        var key = await host.Client.AcceptedAsync(webhook);
        await host.Client.StatusAsync(key, "processed");
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, $"events/{key}");
        await visit.LiveAsync();

        await host.Client.AcceptedAsync(webhook with { MerchantId = "another" });

        await Expect(visit.Page.Locator(".note"))
            .ToContainTextAsync("Conflict: a request with this event ID and a different body came at ");
        await visit.Link("see the request").ClickAsync();
        await Expect(visit.Page.Locator("details[data-reason=conflict][open]")).ToHaveCountAsync(1);
        await visit.Link(webhook.EventId).ClickAsync();
        await Expect(visit.Heading(key)).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Shipment_of_an_event_is_shown_and_reopened()
    {
        await using var host = GatewayHost.Start();
        var webhook = new Webhooks().Next() with { Type = "SHIPMENT_DELIVERED" };
        var key = await host.Client.AcceptedAsync(webhook);
        await host.Client.StatusAsync(key, "processed");
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, $"events/{key}");
        var shipment = visit.Page.Locator("section.card").Filter(new() { HasText = "Its events" });
        await Expect(shipment).ToContainTextAsync("COMPLETED");
        await Expect(shipment.GetByRole(AriaRole.Link, new() { Name = key })).ToHaveCountAsync(1);

        await visit.Button("Reopen…").ClickAsync();
        await visit.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Reopen", Exact = true })
            .ClickAsync();

        await Expect(shipment).ToContainTextAsync("ACTIVE");
        await Expect(shipment).ToContainTextAsync("2, since");
        await Expect(visit.Button("Reopen…")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Search_filter_is_in_the_address_and_the_back_button_removes_it()
    {
        await using var host = GatewayHost.Start();
        var webhooks = new Webhooks().Take(3);
        foreach (var webhook in webhooks) await host.Client.AcceptedAsync(webhook);
        await host.Client.SettledAsync();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "events");
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(3);

        await visit.Page.GetByRole(AriaRole.Textbox, new() { Name = "Shipment" }).FillAsync(webhooks[1].ShipmentId);
        await visit.Button("Search").ClickAsync();
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        visit.Page.Url.ShouldContain($"shipmentId={webhooks[1].ShipmentId}");

        await visit.Page.GoBackAsync();
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(3);
    }

    [Fact]
    public async Task Newer_events_are_announced_and_shown_on_request()
    {
        await using var host = GatewayHost.Start();
        var webhooks = new Webhooks();
        await host.Client.AcceptedAsync(webhooks.Next());
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "events");
        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await visit.LiveAsync();

        await host.Client.AcceptedAsync(webhooks.Next());
        await visit.Button("1 newer event: show").ClickAsync();

        await Expect(visit.Page.Locator("tbody tr")).ToHaveCountAsync(2);
    }

    [Fact]
    public async Task Attempt_shows_what_was_sent_and_what_was_answered()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        routing.Answer = (call, time) => time == 1
            ? Results.Json(new { code = "E7", message = "Zone closed" }, statusCode: 503)
            : FakeRoutingService.Routed(call);
        await using var host = GatewayHost.Start(
            ("Routing:Url", routing.Url.Replace("http://", "http://user:hidden@", StringComparison.Ordinal)),
            ("Routing:Headers:X-Token", "hidden"), ("Processing:RetryBase", "00:00:00.050"));
        var webhook = new Webhooks().Next();
        var key = await host.Client.AcceptedAsync(webhook);
        await host.Client.StatusAsync(key, "processed");
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, $"events/{key}");
        var failed = visit.Page.Locator(".timeline li").Filter(new() { HasText = "Attempt 1" });
        var routed = visit.Page.Locator(".timeline li").Filter(new() { HasText = "Attempt 2" });

        await failed.GetByText("Request and answer").ClickAsync();
        await routed.GetByText("Request and answer").ClickAsync();

        await Expect(failed).ToContainTextAsync($"Sent: POST {routing.Url}");
        await Expect(failed).ToContainTextAsync($"Idempotency-Key: {key}");
        await Expect(failed).ToContainTextAsync($"\"eventId\":\"{webhook.EventId}\"");
        await Expect(failed).ToContainTextAsync("Answered: Status 503");
        await Expect(failed).ToContainTextAsync("""{"code":"E7","message":"Zone closed"}""");
        await Expect(failed).ToContainTextAsync("routing service answered 503: E7: Zone closed");
        await Expect(routed).ToContainTextAsync("Answered: Status 200");
        await Expect(visit.Page.Locator("main")).Not.ToContainTextAsync("hidden");
        (await host.Client.EventAsync(key)).GetRawText().ShouldNotContain("hidden");
    }
}
