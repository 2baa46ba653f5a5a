using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;
using static Microsoft.Playwright.Assertions;

namespace Gateway.Host.Tests.Console;

/// <summary>The timeline of an event, drawn from given data.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class TimelinePageTests(Chromium chromium)
{
    private const string Waiting = """
        async () => {
          const { timeline } = await import('/console/assets/components/timeline.js');
          const circuit = state => ({ circuit: { state } });
          return [
            [{ inWork: true, dueAt: '2100-01-01T00:00:00Z' }, circuit('closed')],
            [{ inWork: true }, circuit('open')],
            [{ inWork: false, dueAt: '2024-01-01T00:00:00Z' }, circuit('open')],
            [{ inWork: false, dueAt: '2024-01-01T00:00:00Z' }, circuit('closed')],
            [{ inWork: false, dueAt: '2100-01-01T00:00:00Z' }, null],
          ].map(([event, latest]) => {
            const history = timeline({ status: 'pending', generation: 1, attempts: [], ...event });
            history.draw(latest);
            return history.node.querySelector('.detail').textContent;
          });
        }
        """;

    private const string Generations = """
        async requeuedBy => {
          const { timeline } = await import('/console/assets/components/timeline.js');
          const attempt = (generation, startedAt) =>
            ({ generation, number: 1, startedAt, durationMs: 10000, result: 'timed-out', error: 'no answer within 10 s' });
          const attempts =
            [attempt(1, '2024-02-25T14:30:01Z'), attempt(2, '2024-02-25T15:30:00Z'), attempt(3, '2024-02-26T14:30:02Z')];
          const { node } = timeline({
            status: 'pending', receivedAt: '2024-02-25T14:30:00Z', attempts,
            generation: 3, requeuedAt: '2024-02-26T14:30:00Z', requeuedBy,
          });
          return [...node.children].map(line => line.textContent);
        }
        """;

    private const string Probed = """
        async () => {
          const { timeline } = await import('/console/assets/components/timeline.js');
          const probe = {
            generation: 1, number: 2, startedAt: '2024-02-25T14:30:05Z', durationMs: 20, result: 'transient-status',
            error: 'routing service answered 503', probes: 48, lastStartedAt: '2024-02-25T14:34:05Z',
          };
          const { node } = timeline({ status: 'pending', receivedAt: '2024-02-25T14:30:00Z', generation: 1, attempts: [probe] });
          return node.children[2].textContent;
        }
        """;

    [Fact]
    public async Task Calls_that_did_not_count_are_shown_in_one_line()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);

        (await visit.Page.EvaluateAsync<string>(Probed))
            .ShouldStartWith("48 calls: Temporary errorrouting service answered 503; "
                + "the last at 25 Feb 2024, 15:34:05 took 20 ms, not counted");
    }

    [Fact]
    public async Task Pending_event_shows_what_it_waits_for()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);

        (await visit.Page.EvaluateAsync<string[]>(Waiting)).ShouldBe(
        [
            "Attempt in progress.", "Attempt in progress.", "Waiting for the routing service: calls paused.",
            "Due now, waiting for a free slot.", "Due at 1 Jan 2100, 01:00:00.",
        ]);
    }

    [Theory]
    [InlineData("mira", "Generation 3: replayed by mira")]
    [InlineData(null, "Generation 3: resubmitted by the sender")]
    public async Task Current_generation_shows_its_cause(string? by, string cause)
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);

        var lines = await visit.Page.EvaluateAsync<string[]>(Generations, by);

        lines[4].ShouldStartWith("Generation 2: replayed or resubmitted");
        lines[7].ShouldStartWith(cause);
    }

    [Fact]
    public async Task New_generation_shows_its_start_and_the_failure_before_it()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);

        var lines = await visit.Page.EvaluateAsync<string[]>(Generations);

        lines[2].ShouldStartWith("Attempt 1: Timed out");
        lines[3].ShouldBe("Generation 1 failedno answer within 10 s25 Feb 2024, 15:30:11");
        lines[4].ShouldStartWith("Generation 2: replayed or resubmitted");
        lines[5].ShouldStartWith("Attempt 1: ");
        lines[7].ShouldEndWith("26 Feb 2024, 15:30:00");
        lines[8].ShouldBe("waited 2 s");
    }

    [Fact]
    public async Task Tooltip_of_a_time_shows_year_and_zone()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        await visit.LiveAsync();

        const string title = "async () => (await import('/console/assets/app/time.js')).time('2024-02-25T14:30:00.5Z').title";
        (await visit.Page.EvaluateAsync<string>(title)).ShouldBe("25 Feb 2024, 15:30:00 CET = 2024-02-25 14:30:00.500 UTC");
        await Expect(visit.Page.Locator("#footer")).ToContainTextAsync("Time zone: Europe/Berlin.");
    }
}
