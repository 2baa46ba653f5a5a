using Deque.AxeCore.Playwright;
using Gateway.Host.Tests.Console.Browser;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

/// <summary>Every view, checked against WCAG 2.2 AA by axe-core.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class AccessibilityTests(Chromium chromium, AccessibilityTests.GatewayWithEvents gateway)
    : IClassFixture<AccessibilityTests.GatewayWithEvents>
{
    private static readonly List<string> Rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    private const string ConfirmReplayDuringOutage = """
        async () => {
          (await import('/console/assets/app/live.js')).live.latest =
            { circuit: { state: 'open' }, counts: { pending: 1 }, status: { findings: [] } };
          (await import('/console/assets/components/confirm.js')).confirmReplay();
        }
        """;

    public static TheoryData<string, Look> Views => new MatrixTheoryData<string, Look>(
        ["", "events", "events/{key}", "failed", "rejected", "sources", "sources/courier", "processes", "audit"],
        [Look.Desktop, Look.Dark, Look.SmallPhone])
    {
        { "", Look.DarkPhone },
        { "?range=24h", Look.SmallPhone },
        { "?range=24h", Look.Dark },
    };

    public static TheoryData<Look> Looks => [Look.Desktop, Look.Dark, Look.SmallPhone];

    [Theory]
    [MemberData(nameof(Views), DisableDiscoveryEnumeration = true)]
    public async Task View_has_no_accessibility_violation_and_fits_the_screen(string view, Look look)
    {
        view = view.Replace("{key}", gateway.FailedKey);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, gateway.Host.Address, view, look);
        await visit.LiveAsync();
        var entries = visit.Page.Locator("main :is(.summary-list li, tbody tr, .timeline li, .group, details[data-reason])");
        await Expect(entries.First).ToBeVisibleAsync();
        // The first one each time: those that are open do not match any more.
        var closed = visit.Page.Locator("main details:not([open]) summary");
        for (var left = await closed.CountAsync(); left > 0; left--) await closed.First.ClickAsync();

        await ShouldBeAccessibleAsync(visit.Page);
        await ShouldFitTheScreenAsync(visit.Page);
    }

    [Theory]
    [MemberData(nameof(Looks), DisableDiscoveryEnumeration = true)]
    public async Task Replay_of_a_search_has_no_accessibility_violation_and_fits_the_screen(Look look)
    {
        await using var visit = await ConsoleVisit.BeginAsync(chromium, gateway.Host.Address, "events?status=failed", look);
        await visit.LiveAsync();
        await visit.Button("Replay matching…").ClickAsync();
        await Expect(visit.Button("Replay all")).ToBeFocusedAsync();

        await ShouldBeAccessibleAsync(visit.Page);
        await ShouldFitTheScreenAsync(visit.Page);
    }

    [Fact]
    public async Task Login_has_no_accessibility_violation()
    {
        await using var host = GatewayHost.Start(("Operator:ApiKey", "a key that operators know"));
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await Expect(visit.Page.GetByLabel("Operator key")).ToBeVisibleAsync();

        await ShouldBeAccessibleAsync(visit.Page);
    }

    [Fact]
    public async Task Replay_confirmation_has_no_accessibility_violation()
    {
        await using var visit = await ConsoleVisit.BeginAsync(chromium, gateway.Host.Address, look: Look.Dark);
        await visit.Page.EvaluateAsync(ConfirmReplayDuringOutage);
        await Expect(visit.Button("Replay anyway")).ToBeFocusedAsync();

        await ShouldBeAccessibleAsync(visit.Page);
    }

    [Fact]
    public async Task Skip_link_focuses_the_content_and_the_theme_is_kept_after_a_reload()
    {
        await using var visit = await ConsoleVisit.BeginAsync(chromium, gateway.Host.Address);
        await visit.LiveAsync();

        await visit.Page.Keyboard.PressAsync("Tab");
        await Expect(visit.Link("Skip to the content")).ToBeFocusedAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await Expect(visit.Page.Locator("main")).ToBeFocusedAsync();

        await visit.Button("Dark theme").FocusAsync();
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.ReloadAsync();
        await Expect(visit.Page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
    }

    private static async Task ShouldBeAccessibleAsync(IPage page)
    {
        var found = await page.RunAxe(new() { RunOnly = new() { Type = "tag", Values = Rules } });
        found.Violations.Select(one => $"{one.Id}: {one.Help}\n  {string.Join("\n  ", one.Nodes.Select(node => node.Html))}")
            .ShouldBeEmpty();
    }

    private static async Task ShouldFitTheScreenAsync(IPage page)
    {
        const string overflow = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth";
        (await page.EvaluateAsync<int>(overflow)).ShouldBe(0);
    }

    /// <summary>Every list of the console has an entry.</summary>
    public sealed class GatewayWithEvents : IAsyncLifetime
    {
        private FakeRoutingService _routing = null!;

        public GatewayHost Host { get; private set; } = null!;

        public string FailedKey { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            _routing = await FakeRoutingService.StartAsync();
            _routing.Answer = (call, _) =>
                call.IdempotencyKey.EndsWith('1') ? Results.StatusCode(422) : FakeRoutingService.Routed(call);
            Host = GatewayHost.Start(
                [("Routing:Url", _routing.Url), ("Processing:MaxRetries", "0"), .. ConfiguredSource.Settings]);
            var webhooks = new Webhooks().Take(12).Select((webhook, at) => webhook with { EventId = $"evt-{at}" });
            foreach (var webhook in webhooks) await Host.Client.AcceptedAsync(webhook);
            await Host.Client.SettledAsync();
            FailedKey = (await Host.Client.EventsAsync("&status=failed"))[0].Text("key")!;
            using var unsigned = new ByteArrayContent(new Webhooks().Next().ToBytes());
            using var answer = await Host.Client.Http.PostAsync(GatewayClient.BasePath, unsigned);
            await ConfiguredSource.SendAsync(Host);
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
