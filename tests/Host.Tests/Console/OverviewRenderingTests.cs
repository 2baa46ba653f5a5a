using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Console;

/// <summary>The overview without data, with sparse data and on a small screen.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class OverviewRenderingTests(Chromium chromium)
{
    // All components of the overview, drawn from a snapshot without values.
    private const string WithoutData = """
        async () => {
          const load = name => import(`/console/assets/${name}.js`);
          const { pipeline } = await load('components/pipeline');
          const { charts } = await load('components/charts');
          const { statusPanel } = await load('components/status-panel');
          const all = [];
          const point = { t: Date.now(), accepted: 0, p50: null, pending: null };
          const latest = {
            point, counts: null, ingest: { state: 'open', rejectedByReason: {} },
            worker: { state: 'idle', inFlight: 0, slots: 0 },
            circuit: { state: 'absent', nextProbeSeconds: 0, openForSeconds: 0 },
            backends: [{ name: 'sqlite', up: true }, { name: 'redis', up: false }],
            health: { status: 'starting', checks: [] }, status: { state: 'healthy', findings: [] },
          };
          const { live } = await load('app/live');
          const stages = pipeline();
          for (const points of [[], [point]]) {
            stages.draw(latest, points);
            live.points = points;
            const drawn = [stages, charts({})];
            document.body.append(...drawn.map(each => each.node));
            all.push(...drawn.map(each => each.node.outerHTML));
          }
          const status = statusPanel();
          status.draw(latest);
          return [...all, status.node.outerHTML].join();
        }
        """;

    private const string IsolatedPoints = """
        async () => {
          const { isolatedPoints } = await import('/console/assets/components/chart-values.js');
          return isolatedPoints([1, null, 1, 2, null, 1, 1, 1, 1, undefined]);
        }
        """;

    // The number of pixels in the colour of the line, if one of 200 points has a value.
    private const string PixelsOfOnePoint = """
        async () => {
          const { chart } = await import('/console/assets/components/chart.js');
          document.documentElement.style.setProperty('--first', '#010203');
          const series = [{ label: 'p50', name: 'p50', shade: 'first', format: String }];
          const drawn = chart({ title: 'One', minimum: 5, axis: () => '', series });
          drawn.node.style.width = '400px';
          document.body.append(drawn.node);
          const last = Date.now() / 1000;
          drawn.draw(
            Array.from({ length: 200 }, (_, at) => ({ t: (last - 200 + at) * 1000, p50: at === 100 ? 3 : null })),
            { from: last - 300, to: last, text: 'last five minutes', step: '1 s' });
          await new Promise(requestAnimationFrame);
          const canvas = drawn.node.querySelector('canvas');
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return Array.from({ length: data.length / 4 }, (_, at) => data.slice(4 * at, 4 * at + 4))
            .filter(([r, g, b, a]) => r === 1 && g === 2 && b === 3 && a === 255).length;
        }
        """;

    private const string TilesThatOverflow = """
        () => [...document.querySelectorAll('.tile')].filter(tile => {
          const badge = tile.querySelector('.badge');
          badge.lastChild.textContent = 'Idle: no event is due and none is pending';
          return badge.getBoundingClientRect().right > tile.getBoundingClientRect().right;
        }).length
        """;

    [Fact]
    public async Task Unknown_value_is_shown_as_a_dash()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.LiveAsync();

        var text = await visit.Page.EvaluateAsync<string>(WithoutData);

        text.ShouldContain("–");
        foreach (var word in new[] { "undefined", "null", "NaN", "Invalid" }) text.ShouldNotContain(word);
        (await visit.Page.Locator("body").InnerTextAsync()).ShouldNotContain("undefined");
    }

    [Fact]
    public async Task Isolated_point_is_a_dot_in_the_chart()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.LiveAsync();

        (await visit.Page.EvaluateAsync<int[]>(IsolatedPoints)).ShouldBe([0, 2, 3]);
        (await visit.Page.EvaluateAsync<int>(PixelsOfOnePoint)).ShouldBeInRange(4, 40);
    }

    [Fact]
    public async Task Long_state_stays_inside_its_tile_on_a_phone()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, look: Look.Phone);
        await visit.LiveAsync();

        (await visit.Page.EvaluateAsync<int>(TilesThatOverflow)).ShouldBe(0);
    }
}
