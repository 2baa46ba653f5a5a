using System.Globalization;
using Gateway.Host.Tests.Console.Browser;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

/// <summary>
/// Screenshots of every view, in the folder <c>GATEWAY_TEST_SCREENSHOTS</c> or a temporary one. docs/console.png and
/// docs/console-dark.png are overview-desktop.png and overview-dark.png, taken with
/// <c>GATEWAY_TEST_SCREENSHOT_SECONDS=300</c>, so that the charts are full.
/// </summary>
[Collection(ConsoleCollection.Name)]
public sealed class ScreenshotTests(Chromium chromium)
{
    private static readonly (string Name, string View)[] Views =
    [
        ("overview", ""), ("events", "events"), ("event", "events/{key}"), ("failed", "failed"), ("rejected", "rejected"),
        ("sources", "sources"), ("source", "sources/courier"), ("audit", "audit"),
    ];

    private static string Folder => Environment.GetEnvironmentVariable("GATEWAY_TEST_SCREENSHOTS") is { Length: > 0 } given
        ? Directory.CreateDirectory(given).FullName
        : Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), "gateway-console-screenshots")).FullName;

    private static TimeSpan Length => TimeSpan.FromSeconds(
        Environment.GetEnvironmentVariable("GATEWAY_TEST_SCREENSHOT_SECONDS") is { Length: > 0 } seconds
            ? int.Parse(seconds, CultureInfo.InvariantCulture) : 5);

    [Fact]
    public async Task Every_view_has_a_screenshot_on_desktop_dark_and_phone()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(
            [
                ("Routing:Url", routing.Url), ("Processing:MaxRetries", "2"), ("Processing:RetryBase", "00:00:00.500"),
                .. ConfiguredSource.Settings,
            ]);
        await ConfiguredSource.SendAsync(host);
        using var end = new CancellationTokenSource();
        var traffic = new BackgroundTraffic(host, routing, Length);
        var running = traffic.RunAsync(end.Token);
        await Task.WhenAny(running, traffic.Full);
        var failed = await Until.TrueAsync(
            () => host.Client.GetAsync($"{GatewayClient.BasePath}/events?status=failed"), HasItems);
        var key = failed.GetProperty("items")[0].Text("key")!;
        await host.Client.ReplayAsync(new { keys = new[] { key } });

        foreach (var look in new[] { Look.Desktop, Look.Dark, Look.Phone })
        {
            await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, look: look);
            await visit.LiveAsync();
            foreach (var (name, view) in Views)
                await TakeAsync(visit.Page, host.Address, view.Replace("{key}", key), $"{name}-{look}.png");
            await visit.GoAsync("events?status=failed");
            await visit.Button("Replay matching…").ClickAsync();
            await Expect(visit.Button("Replay all")).ToBeVisibleAsync();
            await visit.Page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"replay-{look}.png") });
        }

        await end.CancelAsync();
        await running;
    }

    private static bool HasItems(System.Text.Json.JsonElement page) => page.GetProperty("items").GetArrayLength() > 0;

    private static async Task TakeAsync(IPage page, Uri gateway, string view, string file)
    {
        await page.GotoAsync(new Uri(gateway, $"/console#/{view}").ToString());
        var entries = page.Locator("main :is(.summary-list li, tbody tr, .timeline li, .group, details[data-reason], .empty)");
        await Expect(entries.First).ToBeVisibleAsync();
        // The newest events are processed, not only pending.
        if (view.Length == 0) await Expect(page.Locator(".summary-list .is-good").First).ToBeVisibleAsync();
        var screenshot = await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, file) });
        screenshot.Length.ShouldBeInRange(5_000, 600_000);
    }
}
