using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

/// <summary>What the page of an event says of its lives, for states that nobody wants to wait for.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class TimelinePageTests(Chromium chromium)
{
    private const string Waiting = """
        async () => {
          const { timeline } = await import('/console/assets/parts/timeline.js');
          const circuit = state => ({ circuit: { state } });
          return [
            [{ inWork: true, dueAt: '2100-01-01T00:00:00Z' }, circuit('closed')], [{ inWork: true }, circuit('open')], [{ inWork: false, dueAt: '2024-01-01T00:00:00Z' }, circuit('open')],
            [{ inWork: false, dueAt: '2024-01-01T00:00:00Z' }, circuit('closed')], [{ inWork: false, dueAt: '2100-01-01T00:00:00Z' }, null],
          ].map(([event, latest]) => {
            const story = timeline({ status: 'pending', generation: 1, attempts: [], ...event });
            story.draw(latest);
            return story.node.querySelector('.detail').textContent;
          });
        }
        """;

    private const string Generations = """
        async requeuedBy => {
          const { timeline } = await import('/console/assets/parts/timeline.js');
          const attempt = (generation, startedAt) => ({ generation, number: 1, startedAt, durationMs: 10000, result: 'timed-out', error: 'no answer within 10 s' });
          const attempts = [attempt(1, '2024-02-25T14:30:01Z'), attempt(2, '2024-02-25T15:30:00Z'), attempt(3, '2024-02-26T14:30:02Z')];
          const { node } = timeline({ status: 'pending', receivedAt: '2024-02-25T14:30:00Z', generation: 3, requeuedAt: '2024-02-26T14:30:00Z', requeuedBy, attempts });
          return [...node.children].map(line => line.textContent);
        }
        """;

    private const string Probed = """
        async () => {
          const { timeline } = await import('/console/assets/parts/timeline.js');
          const probe = { generation: 1, number: 2, startedAt: '2024-02-25T14:30:05Z', durationMs: 20, result: 'transient-status', error: 'routing service answered 503', probes: 48, lastStartedAt: '2024-02-25T14:34:05Z' };
          const { node } = timeline({ status: 'pending', receivedAt: '2024-02-25T14:30:00Z', generation: 1, attempts: [probe] });
          return node.children[2].textContent;
        }
        """;

    [Fact]
    public async Task A_probe_in_vain_is_told_as_not_counted()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);

        (await visit.Page.EvaluateAsync<string>(Probed))
            .ShouldStartWith("48 probes: Answered with an errorrouting service answered 503; the last at 25 Feb 2024, 15:34:05 took 20 ms, not counted");
    }

    [Fact]
    public async Task A_pending_event_says_what_it_waits_for()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);

        (await visit.Page.EvaluateAsync<string[]>(Waiting)).ShouldBe(
        [
            "An attempt is running.", "An attempt is running.", "Waits for the routing service: calls rest.", "Due now, waits for a free slot.",
            "Due at 1 Jan 2100, 01:00:00.",
        ]);
    }

    [Theory]
    [InlineData("mira", "Life 3: replayed by mira")]
    [InlineData(null, "Life 3: sent again by the courier")]
    public async Task The_current_life_tells_who_began_it_and_an_older_one_only_how_it_can_have_been(string? by, string told)
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);

        var lines = await visit.Page.EvaluateAsync<string[]>(Generations, by);

        lines[4].ShouldStartWith("Life 2: replayed, or sent again by the courier");
        lines[7].ShouldStartWith(told);
    }

    [Fact]
    public async Task A_new_life_tells_when_it_began_and_how_the_one_before_ended()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);

        var lines = await visit.Page.EvaluateAsync<string[]>(Generations);

        lines[2].ShouldStartWith("Attempt 1: No answer in time");
        lines[3].ShouldBe("Life 1 ended: failedno answer within 10 s25 Feb 2024, 15:30:11");
        lines[4].ShouldStartWith("Life 2: replayed, or sent again by the courier");
        lines[5].ShouldStartWith("Attempt 1: ");
        lines[7].ShouldEndWith("26 Feb 2024, 15:30:00");
        lines[8].ShouldBe("waited 2 s");
    }

    [Fact]
    public async Task A_moment_says_its_year_and_its_zone()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.LiveAsync();

        (await visit.Page.EvaluateAsync<string>("async () => (await import('/console/assets/app/time.js')).time('2024-02-25T14:30:00.5Z').title"))
            .ShouldBe("25 Feb 2024, 15:30:00 CET = 2024-02-25 14:30:00.500 UTC");
        await Expect(visit.Page.Locator("#foot")).ToContainTextAsync("Times are those of Europe/Berlin.");
    }
}
