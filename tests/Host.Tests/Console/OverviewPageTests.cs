using System.Net.Http.Json;
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
    public async Task A_webhook_appears_without_a_reload()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await Expect(visit.Page.GetByText("No event has come yet.")).ToBeVisibleAsync();
        await visit.Page.EvaluateAsync("() => { window.isTheSamePage = true; }");
        var webhook = new Webhooks().Next();

        await host.Client.AcceptedAsync(webhook);

        var line = visit.Page.Locator(".glance li", new() { HasText = webhook.EventId });
        await Expect(line).ToContainTextAsync("processed");
        (await visit.Page.EvaluateAsync<bool>("() => window.isTheSamePage")).ShouldBeTrue();
    }

    [Fact]
    public async Task The_numbers_are_those_of_the_operator_api()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);

        await Task.WhenAll(new Webhooks().Take(30).Select(host.Client.AcceptedAsync));
        var counts = await host.Client.SettledAsync();

        foreach (var name in new[] { "accepted", "pending", "processed", "failed" })
            await Expect(visit.Page.Locator($"[data-count={name}]")).ToHaveTextAsync($"{counts.GetProperty(name).GetInt64()}");
        await Expect(visit.Page.Locator(".verdict")).ToContainTextAsync("All is well.");
    }

    [Fact]
    public async Task A_routing_service_that_is_down_is_said_in_one_sentence()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        routing.Answer = (_, _) => Results.StatusCode(503);
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url), ("Processing:MaxRetries", "1000"), ("Processing:RetryBase", "00:00:00.050"));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);

        await Task.WhenAll(new Webhooks().Take(20).Select(host.Client.AcceptedAsync));
        await Expect(visit.Heading("Routing service is down")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator(".tile", new() { HasText = "Routing service" })).ToContainTextAsync("Calls rest");
        await Expect(visit.Link("See waiting events")).ToHaveAttributeAsync("href", "#/events?status=pending");

        routing.Answer = (call, _) => FakeRoutingService.Routed(call);
        await Expect(visit.Page.Locator(".verdict")).ToContainTextAsync("All is well.");
    }

    [Fact]
    public async Task A_service_that_answers_and_does_not_route_is_no_healthy_one()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        routing.Answer = (_, _) => Results.Json(new { routed = false });
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url), ("Processing:MaxRetries", "1000"), ("Processing:RetryBase", "00:00:00.050"));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);

        await Task.WhenAll(new Webhooks().Take(5).Select(host.Client.AcceptedAsync));

        await Expect(visit.Heading("Most attempts fail: 100 % in the last ")).ToBeVisibleAsync();
        await Expect(visit.Page.Locator(".tile[data-kind=bad]", new() { HasText = "Routing service" })).ToContainTextAsync("Most calls fail");
    }

    [Fact]
    public async Task Failures_that_were_erased_alarm_nobody_and_stay_counted()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        routing.Answer = (_, _) => Results.StatusCode(422);
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        var webhook = new Webhooks().Next();
        var badge = visit.Page.Locator("#nav .count");
        await host.Client.StatusAsync(await host.Client.AcceptedAsync(webhook), "failed");
        await Expect(badge).ToHaveTextAsync("1");

        using var erased = await host.Client.Http.PostAsJsonAsync("v1/events-gateway/erasures", new { shipmentId = webhook.ShipmentId });
        erased.EnsureSuccessStatusCode();

        await Expect(badge).ToBeHiddenAsync();
        await Expect(visit.Page.Locator(".verdict")).ToContainTextAsync("All is well.");
        await Expect(visit.Page.Locator("[data-count=failed]")).ToHaveTextAsync("1");
    }

    [Fact]
    public async Task A_gateway_that_goes_away_is_told_with_the_time_of_the_last_numbers()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        visit.Expected = "Failed to load resource";
        await visit.LiveAsync();

        await host.StopAsync();

        await Expect(visit.Page.Locator("#lost")).ToContainTextAsync("Connection lost. The numbers are from ");
        await Expect(visit.Page.Locator(".connection")).ToHaveTextAsync("Not live");
    }

    [Fact]
    public async Task The_charts_speak_to_those_who_do_not_see_them()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.LiveAsync();

        var charts = visit.Page.GetByRole(AriaRole.Img);

        await Expect(charts).ToHaveCountAsync(6);
        foreach (var chart in await charts.AllAsync())
            (await chart.GetAttributeAsync("aria-label"))!.ShouldContain("last five minutes:");
    }
}
