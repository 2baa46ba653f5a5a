using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Console;

/// <summary>The overview before it knows much, and where there is little room.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class FirstSecondsTests(Chromium chromium)
{
    // All parts of the overview, drawn from a second of which nothing is known.
    private const string Untold = """
        async () => {
          const part = name => import(`/console/assets/parts/${name}.js`);
          const [{ flow }, { charts }, { verdict }] = [await part('flow'), await part('charts'), await import('/console/assets/app/verdict.js')];
          const point = { t: Date.now(), accepted: 0, p50: null, pending: null };
          const latest = {
            point, counts: null, ingest: { state: 'open', rejectedByReason: {} }, worker: { state: 'idle', inFlight: 0, slots: 0 },
            circuit: { state: 'absent', nextProbeSeconds: 0, openForSeconds: 0 }, backends: [{ name: 'sqlite', up: true }, { name: 'redis', up: false }],
            health: { status: 'starting', checks: [] },
          };
          const drawn = [flow(), charts()];
          document.body.append(...drawn.map(each => each.node));
          for (const points of [[], [point]]) {
            drawn[0].draw(latest, points);
            drawn[1].draw(points);
          }
          return drawn.map(each => each.node.outerHTML).join() + JSON.stringify(verdict(latest, []).map(each => `${each.text} ${each.more}`));
        }
        """;

    private const string Lonely = "async () => (await import('/console/assets/parts/chart.js')).lonely([1, null, 1, 2, null, 1, 1, 1, 1, undefined])";

    // How many pixels have the colour of the line, where one second of many has a value.
    private const string DotOfOneSecond = """
        async () => {
          const { chart } = await import('/console/assets/parts/chart.js');
          document.documentElement.style.setProperty('--first', '#010203');
          const drawn = chart({ title: 'One', quiet: 5, axis: () => '', series: [{ label: 'p50', name: 'p50', shade: 'first', show: String }] });
          drawn.node.style.width = '400px';
          document.body.append(drawn.node);
          drawn.draw(Array.from({ length: 200 }, (_, at) => ({ t: Date.now() - (200 - at) * 1000, p50: at === 100 ? 3 : null })));
          await new Promise(requestAnimationFrame);
          const canvas = drawn.node.querySelector('canvas');
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return Array.from({ length: data.length / 4 }, (_, at) => data.slice(4 * at, 4 * at + 4)).filter(([r, g, b, a]) => r === 1 && g === 2 && b === 3 && a === 255).length;
        }
        """;

    private const string TooWide = """
        () => [...document.querySelectorAll('.tile')].filter(tile => {
          const badge = tile.querySelector('.badge');
          badge.lastChild.textContent = 'Idle: nothing is due, and nothing waits';
          return badge.getBoundingClientRect().right > tile.getBoundingClientRect().right;
        }).length
        """;

    [Fact]
    public async Task What_nobody_has_told_yet_is_a_dash()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.LiveAsync();

        var text = await visit.Page.EvaluateAsync<string>(Untold);

        text.ShouldContain("–");
        foreach (var word in new[] { "undefined", "null", "NaN", "Invalid" }) text.ShouldNotContain(word);
        (await visit.Page.Locator("body").InnerTextAsync()).ShouldNotContain("undefined");
    }

    [Fact]
    public async Task A_second_that_stands_alone_is_a_dot_in_the_chart()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.LiveAsync();

        (await visit.Page.EvaluateAsync<int[]>(Lonely)).ShouldBe([0, 2, 3]);
        (await visit.Page.EvaluateAsync<int>(DotOfOneSecond)).ShouldBeInRange(4, 40);
    }

    [Fact]
    public async Task A_state_of_many_words_stays_in_its_tile_on_a_phone()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address, look: Look.Phone);
        await visit.LiveAsync();

        (await visit.Page.EvaluateAsync<int>(TooWide)).ShouldBe(0);
    }
}
