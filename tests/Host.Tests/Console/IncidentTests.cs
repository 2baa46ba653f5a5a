using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;
using Microsoft.AspNetCore.Http;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

/// <summary>
/// Staged incidents: the first page says who is concerned, since when, why, and what to do. Each test prints after how many
/// seconds.
/// </summary>
[Collection(ConsoleCollection.Name)]
public sealed class IncidentTests(Chromium chromium, ITestOutputHelper output)
{
    [Fact]
    public async Task Source_whose_signatures_do_not_match()
    {
        await using var host = GatewayHost.Start(ConfiguredSource.Settings);
        await using var visit = await OpenAsync(host);

        for (var i = 0; i < 4; i++) await ConfiguredSource.PostAsync(host, "{}", "another token");

        await SaysAsync(
            visit, "source-fails", "Attention", "courier: rejected since", "signature does not match (4 requests)",
            "Compare the secret with the sender's");
        await visit.Link("See the source").ClickAsync();
        await Expect(visit.Page.Locator("details[data-reason=invalid_signature]")).ToHaveCountAsync(4);
        await visit.GoAsync("");
        await ConfiguredSource.PostAsync(host, """{ "id": "7", "shipment": "s-1", "state": "picked" }""", ConfiguredSource.Token);
        await HealthyAsync(visit);
    }

    [Fact]
    public async Task Wrong_path_of_the_routing_service()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        routing.Answer = (_, _) => Results.Json(new { error = "no such path" }, statusCode: 404);
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        await using var visit = await OpenAsync(host);

        await Task.WhenAll(new Webhooks().Take(20).Select(host.Client.AcceptedAsync));

        await SaysAsync(
            visit, "circuit-open", "Critical", "Routing service is down", $"{routing.Url}: routing service answered 404",
            "not at this path: correct ROUTING_SERVICE_URL", "events stay pending");
        routing.Answer = (call, _) => FakeRoutingService.Routed(call);
        await HealthyAsync(visit);
    }

    [Theory]
    [InlineData(401, "The service rejects the credentials")]
    [InlineData(429, "The service limits the calls")]
    public async Task Calls_that_the_routing_service_rejects(int status, string advice)
    {
        await using var routing = await FakeRoutingService.StartAsync();
        routing.Answer = (_, _) => Results.Json(new { error = "no" }, statusCode: status);
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        await using var visit = await OpenAsync(host);

        await Task.WhenAll(new Webhooks().Take(20).Select(host.Client.AcceptedAsync));

        await SaysOneOfAsync(visit, ["circuit-open", "routing-fails"], $"routing service answered {status}", advice);
    }

    [Fact]
    public async Task Events_of_one_merchant_that_the_routing_service_rejects()
    {
        const string merchant = "merchant-without-depot";
        await using var routing = await FakeRoutingService.StartAsync();
        routing.Answer = (call, _) => call.Body.GetRawText().Contains(merchant, StringComparison.Ordinal)
            ? Results.Json(new { error = "no such depot" }, statusCode: 422)
            : FakeRoutingService.Routed(call);
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        await using var visit = await OpenAsync(host);

        await Task.WhenAll(new Webhooks().Take(30).Index().Select(one => host.Client.AcceptedAsync(
            one.Index % 2 == 0 ? one.Item : one.Item with { MerchantId = merchant })));

        await SaysAsync(
            visit, "merchant-circuit-open", "Attention", $"Calls fail and are paused for merchant {merchant} of source gateway",
            "answered 422: no such depot", "Ask the owner of the routing service about these merchants");
        await Expect(visit.Page.Locator("[data-id=routing-fails]")).ToHaveCountAsync(0);
        await visit.GoAsync("failed");
        await Expect(visit.Page.Locator("main")).ToContainTextAsync("no such depot");
    }

    [Fact]
    public async Task Old_events_that_are_sent_again()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await OpenAsync(host);
        var old = new Webhooks().Take(20);

        for (var time = 0; time < 4; time++) await Task.WhenAll(old.Select(host.Client.AcceptedAsync));

        await SaysAsync(
            visit, "duplicates", "Attention", "gateway: 75 % of the events of the last 5 minutes were sent before",
            "60 duplicates; usual 0 %", "Duplicates have no second effect", "Ask the sender whether it sends old events again");
    }

    [Fact]
    public async Task Clock_of_a_sender_that_is_wrong()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await OpenAsync(host);

        await Task.WhenAll(new Webhooks().Take(12).Select(
            one => host.Client.AcceptedAsync(one with { OccurredAt = "2099-01-01T00:00:00Z" })));

        await SaysAsync(
            visit, "implausible-times", "Attention", "12 events of the last 15 minutes say a time that cannot be true",
            "The clock of a sender");
    }

    [Fact]
    public async Task Acceptance_that_takes_too_long()
    {
        await using var host = GatewayHost.Start(("Health:AcceptP99", "00:00:00.001"));
        await using var visit = await OpenAsync(host);

        foreach (var webhook in new Webhooks().Take(30)) await host.Client.AcceptedAsync(webhook);

        await SaysAsync(visit, "accept-slow", "Attention", "Ingest is slow: 1 % of the requests", "Look at the disk");
    }

    [Fact]
    public async Task Routing_that_an_operator_has_paused()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await OpenAsync(host);

        using var paused = await host.Client.Http.PostAsJsonAsync("/v1/events-gateway/pauses", new { });
        paused.EnsureSuccessStatusCode();

        await SaysAsync(
            visit, "routing-paused", "Attention", "Routing is paused, events wait: all merchants since", " by developer",
            "Resume it on the overview");
        await visit.Button("Resume all merchants").ClickAsync();
        await HealthyAsync(visit);
    }

    [Fact]
    public async Task Source_that_is_silent()
    {
        await using var host = GatewayHost.Start([
            .. ConfiguredSource.Settings, ("Sources:courier:Health:SilenceAfter", "00:00:01")]);
        await using var visit = await OpenAsync(host);

        await SaysAsync(
            visit, "source-silent", "Attention", "courier silent for", "Check at the sender whether the webhook is enabled");
        await Expect(visit.Page.Locator(".status-summary time").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Process_that_was_killed()
    {
        var backends = await Backends.SharedAsync();
        var sandbox = backends.NewSandbox();
        var settings = sandbox.Select(setting => (setting.Key, setting.Value)).ToList();
        using var folder = new TempFolder();
        await using var killed = await GatewayProcess.StartAsync(folder.Path, [
            .. settings.Select(setting => ($"Gateway__{setting.Key.Replace(":", "__")}", setting.Value)),
            ("Gateway__Role", "Worker")]);
        await using var host = GatewayHost.Start(settings);
        await using var visit = await OpenAsync(host);
        await Until.TrueAsync(
            () => host.Client.GetAsync("/v1/events-gateway/processes"), list => list.GetProperty("items").GetArrayLength() == 2);

        await killed.KillAsync();

        await SaysAsync(
            visit, "process-missing", "Attention", $"Process {killed.Id} on {Environment.MachineName} (Worker) is missing",
            "It was killed, hangs, or cannot reach Redis: start it again");
        await visit.Link("See processes").ClickAsync();
        await Expect(visit.Page.Locator("tbody tr", new() { HasText = "missing" })).ToHaveCountAsync(1);
    }

    private async Task<ConsoleVisit> OpenAsync(GatewayHost host)
    {
        var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.LiveAsync();
        return visit;
    }

    private Task SaysAsync(ConsoleVisit visit, string id, string title, params string[] texts)
        => SaysAsync(visit, [id], title, texts);

    private Task SaysOneOfAsync(ConsoleVisit visit, string[] ids, params string[] texts)
        => SaysAsync(visit, ids, "Attention", texts);

    private async Task SaysAsync(ConsoleVisit visit, string[] ids, string title, string[] texts)
    {
        var asked = Stopwatch.StartNew();
        // On a busy machine another finding may stand beside it.
        var panel = visit.Page.Locator(string.Join(
            ", ", ids.Select(id => $".status-summary[data-id={id}], .status-summary li[data-id={id}]")));
        foreach (var text in texts) await Expect(panel).ToContainTextAsync(text);
        await Expect(panel).ToContainTextAsync("Since ");
        output.WriteLine($"{string.Join(" or ", ids)} after {asked.Elapsed.TotalSeconds:0.0} s");
        await Expect(visit.Page).ToHaveTitleAsync(new Regex($"^({title}|Critical) \\([1-9]\\) · Overview · Gateway console$"));
    }

    private static async Task HealthyAsync(ConsoleVisit visit)
    {
        await Expect(visit.Page.Locator(".status-summary")).ToContainTextAsync("The gateway is healthy.");
        await Expect(visit.Page).ToHaveTitleAsync("Healthy · Overview · Gateway console");
    }
}
