using System.Text.RegularExpressions;
using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

/// <summary>The charts of longer ranges.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class HistoryPageTests(Chromium chromium)
{
    private const string AxisTops = """
        async () => {
          const { axisTop } = await import('/console/assets/components/chart-values.js');
          const most = Array.from({ length: 300 }, (_, at) => at % 10);
          return [axisTop([]), axisTop([null, 3]), axisTop(most), axisTop([...most, 5000, 9000]), axisTop([...most, 15])];
        }
        """;

    // The text beside the title, and the number of pixels in the colour of the line at the upper end of the chart.
    private const string ClippedPoint = """
        async () => {
          const { chart } = await import('/console/assets/components/chart.js');
          document.documentElement.style.setProperty('--first', '#010203');
          const series = [{ label: 'age', name: 'age', shade: 'first', format: String }];
          const drawn = chart({ title: 'One', minimum: 5, axis: () => '', series, window: 'highest of' });
          drawn.node.style.width = '400px';
          document.body.append(drawn.node);
          const last = Date.now() / 1000;
          drawn.draw(
            Array.from({ length: 200 }, (_, at) => ({ t: (last - 200 + at) * 1000, age: at === 100 ? 900 : 3 })),
            { from: last - 200, to: last, text: 'last hour', step: '10 s' });
          await new Promise(requestAnimationFrame);
          const canvas = drawn.node.querySelector('canvas');
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, Math.round(16 * devicePixelRatio));
          const pixels = Array.from({ length: data.length / 4 }, (_, at) => data.slice(4 * at, 4 * at + 4))
            .filter(([r, g, b, a]) => r === 1 && g === 2 && b === 3 && a === 255).length;
          return [drawn.node.querySelector('.top .muted').textContent, String(pixels)];
        }
        """;

    [Fact]
    public async Task Events_of_before_a_restart_are_drawn_and_the_address_has_the_range()
    {
        var webhooks = new Webhooks();
        await using var first = GatewayHost.Start();
        await Task.WhenAll(webhooks.Take(30).Select(first.Client.AcceptedAsync));
        await first.Client.SettledAsync();
        await first.StopAsync();
        await using var host = first.StartAgain();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.LiveAsync();
        await Expect(Chart(visit, "Throughput")).ToHaveAttributeAsync("aria-label", new Regex("last 5 min: accepted"));

        foreach (var (range, text, points) in new[] { ("1h", "1 h", "10 s"), ("24h", "24 h", "5 min"), ("30d", "30 d", "2 h") })
        {
            await visit.Button(text).ClickAsync();

            await Expect(visit.Page.Locator("[data-points]")).ToHaveTextAsync($"points of {points}");
            await Expect(visit.Page).ToHaveURLAsync(new Regex($@"#/\?range={range}$"));
            await Expect(Chart(visit, "Throughput")).ToHaveAttributeAsync("aria-label", HasAccepted(text));
            await Expect(Chart(visit, "Accept duration")).ToHaveAttributeAsync("aria-label", new Regex("p99 .*highest .* m?s"));
        }

        await visit.Page.ReloadAsync();
        await Expect(visit.Button("30 d")).ToHaveAttributeAsync("aria-pressed", "true");
        await Expect(Chart(visit, "Throughput")).ToHaveAttributeAsync("aria-label", HasAccepted("30 d"));
        await visit.Button("5 min").ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(new Regex("#/$"));
    }

    [Fact]
    public async Task Drag_in_a_chart_zooms_all_and_the_way_back_is_a_button()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "?range=24h");
        await Expect(visit.Page.Locator("[data-points]")).ToHaveTextAsync("points of 5 min");
        var plot = visit.Page.Locator(".u-over").First;
        await plot.ScrollIntoViewIfNeededAsync();
        var box = (await plot.BoundingBoxAsync())!;

        await visit.Page.Mouse.MoveAsync(box.X + (box.Width / 4), box.Y + (box.Height / 2));
        await visit.Page.Mouse.DownAsync();
        await visit.Page.Mouse.MoveAsync(box.X + (box.Width * 3 / 4), box.Y + (box.Height / 2), new() { Steps = 5 });
        await visit.Page.Mouse.UpAsync();

        await Expect(visit.Page).ToHaveURLAsync(new Regex(@"#/\?from=20.*&to=20"));
        await Expect(visit.Page.Locator("[data-points]")).ToHaveTextAsync(new Regex("; points of 2 min$"));
        var labels = await visit.Page.GetByRole(AriaRole.Img).EvaluateAllAsync<string[]>(
            "charts => charts.map(one => one.getAttribute('aria-label').replace(/^[^,]*, /, '').replace(/: .*/, ''))");
        labels.Distinct().Count().ShouldBe(1);
        await visit.Button("Zoom out").ClickAsync();
        await Expect(visit.Page.Locator("[data-points]")).ToHaveTextAsync(new Regex("; points of 5 min$"));
        await visit.Button("24 h").ClickAsync();
        await Expect(visit.Button("Zoom out")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Earlier_range_has_its_times_in_the_address_and_fits_a_phone()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "?range=1h", Look.SmallPhone);

        await visit.Button("Earlier").ClickAsync();

        await Expect(visit.Page).ToHaveURLAsync(new Regex(@"#/\?from=20.*&to=20"));
        await Expect(visit.Button("Later")).ToBeVisibleAsync();
        (await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth")).ShouldBe(Look.SmallPhone.Width);
    }

    [Fact]
    public async Task Page_of_a_source_has_its_own_charts()
    {
        await using var host = GatewayHost.Start(ConfiguredSource.Settings);
        await ConfiguredSource.SendAsync(host);
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, "sources/courier?range=1h");

        await Expect(Chart(visit, "Requests")).ToHaveAttributeAsync(
            "aria-label", new Regex(@"^Requests, last 1 h: accepted .*rejected .*, highest [\d.]*[1-9]"));
        await Expect(Chart(visit, "Outcomes")).ToHaveAttributeAsync("aria-label", new Regex("processed .*failed "));
        await visit.Button("24 h").ClickAsync();
        await Expect(visit.Page).ToHaveURLAsync(new Regex(@"#/sources/courier\?range=24h$"));
        await Expect(visit.Heading("courier")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Values_far_above_the_others_are_marked_at_the_end_of_the_axis()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.LiveAsync();

        (await visit.Page.EvaluateAsync<double[]>(AxisTops)).ShouldBe([0, 3, 9, 9, 15]);
        var clipped = await visit.Page.EvaluateAsync<string[]>(ClippedPoint);

        clipped[0].ShouldBe("highest of 10 s; ▲ above the axis");
        int.Parse(clipped[1], System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(4);
    }

    private static ILocator Chart(ConsoleVisit visit, string title)
        => visit.Page.GetByRole(AriaRole.Img, new() { NameRegex = new Regex($"^{title}[,:]") });

    private static Regex HasAccepted(string range) => new($@"last {range}: accepted .*?/s, highest [\d.,]*[1-9]");
}
