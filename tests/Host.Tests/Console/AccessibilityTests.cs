using Deque.AxeCore.Playwright;
using Gateway.EventsGateway.Entities;
using Gateway.Host.Tests.Console.Browser;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

/// <summary>Every view, for eyes, ears and fingers: WCAG 2.2 AA as far as a program can tell.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class AccessibilityTests(Chromium chromium, AccessibilityTests.BusyGateway gateway) : IClassFixture<AccessibilityTests.BusyGateway>
{
    private static readonly List<string> Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    private const string AskedInAnOutage = """
        async () => {
          (await import('/console/assets/app/live.js')).live.latest = { circuit: { state: 'open' }, counts: { pending: 1 } };
          (await import('/console/assets/parts/ask.js')).mayReplay();
        }
        """;

    public static TheoryData<string, Look> Everywhere => new MatrixTheoryData<string, Look>(
        ["", "events", "events/{key}", "failed", "rejected", "audit"], [Look.Desktop, Look.Dark, Look.SmallPhone]) { { "", Look.DarkPhone } };

    [Theory]
    [MemberData(nameof(Everywhere), DisableDiscoveryEnumeration = true)]
    public async Task A_view_is_clean_and_fits_the_screen(string view, Look look)
    {
        await using var visit = await ConsoleVisit.BeginAsync(chromium, gateway.Host.Address, view.Replace("{key}", gateway.FailedKey), look);
        await visit.LiveAsync();
        await Expect(visit.Page.Locator("main :is(.lines li, tbody tr, .timeline li, .group, details[data-reason])").First).ToBeVisibleAsync();
        foreach (var summary in await visit.Page.Locator("main details:not([open]) summary").AllAsync()) await summary.ClickAsync();

        await ShouldBeCleanAsync(visit.Page);

        (await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")).ShouldBe(0);
    }

    [Fact]
    public async Task The_login_is_clean()
    {
        await using var host = GatewayHost.Start(("Operator:ApiKey", "a key that operators know"));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await Expect(visit.Page.GetByLabel("Your name")).ToBeVisibleAsync();

        await ShouldBeCleanAsync(visit.Page);
    }

    [Fact]
    public async Task The_question_before_a_replay_is_clean()
    {
        await using var visit = await ConsoleVisit.BeginAsync(chromium, gateway.Host.Address, look: Look.Dark);
        await visit.Page.EvaluateAsync(AskedInAnOutage);
        await Expect(visit.Button("Replay all the same")).ToBeFocusedAsync();

        await ShouldBeCleanAsync(visit.Page);
    }

    [Fact]
    public async Task The_first_key_skips_to_the_content_and_the_colours_last()
    {
        await using var visit = await ConsoleVisit.BeginAsync(chromium, gateway.Host.Address);
        await visit.LiveAsync();

        await visit.Page.Keyboard.PressAsync("Tab");
        await Expect(visit.Link("Skip to the content")).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator("main")).ToBeFocusedAsync();

        await visit.Button("Dark colours").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.ReloadAsync();
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    }

    private static async Task ShouldBeCleanAsync(IPage page)
    {
        var found = await page.RunAxe(new() { RunOnly = new() { Type = "tag", Values = Rules } });
        found.Violations.Select(one => $"{one.Id}: {one.Help}\n  {string.Join("\n  ", one.Nodes.Select(node => node.Html))}").ShouldBeEmpty();
    }

    /// <summary>One with something in every list.</summary>
    public sealed class BusyGateway : IAsyncLifetime
    {
        private FakeRoutingService _routing = null!;

        public GatewayHost Host { get; private set; } = null!;

        public string FailedKey { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            _routing = await FakeRoutingService.StartAsync();
            _routing.Answer = (call, _) => call.IdempotencyKey.EndsWith('1') ? Results.StatusCode(422) : FakeRoutingService.Routed(call);
            Host = GatewayHost.Start(("Routing:Url", _routing.Url));
            var webhooks = new Webhooks().Take(12).Select((webhook, at) => webhook with { EventId = $"evt-{at}" });
            foreach (var webhook in webhooks) await Host.Client.AcceptedAsync(webhook);
            await Host.Client.SettledAsync();
            FailedKey = (await Host.Client.EventsAsync("&status=failed"))[0].Text("key")!;
            using var unsigned = new ByteArrayContent(new Webhooks().Next().ToBytes());
            using var answer = await Host.Client.Http.PostAsync(GatewayClient.Door, unsigned);
            await Host.Client.ReplayAsync(new { keys = new[] { FailedKey } });
            await Host.Client.SettledAsync();
        }

        public async ValueTask DisposeAsync()
        {
            await Host.DisposeAsync();
            await _routing.DisposeAsync();
        }
    }
}
