using System.Text.Json;
using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Console;

/// <summary>What the first sentence says, for states that nobody wants to wait for.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class VerdictTests(Chromium chromium)
{
    private const string Ask = """
        async changes => {
          const { verdict } = await import('/console/assets/app/verdict.js');
          const well = {
            counts: { accepted: 1, pending: 0, processed: 1, failed: 0 }, door: { state: 'open', rejectedByReason: {} }, worker: { state: 'idle' },
            breaker: { state: 'closed', restSeconds: 0, notClosedForSeconds: 0 }, engines: [{ name: 'sqlite', up: true }], health: { status: 'ready', checks: [] },
          };
          return changes.map(change => verdict({ ...well, ...JSON.parse(change) }, [])[0].text);
        }
        """;

    private const string IntakeStandsStill = "The intake stands still: events wait in the queue.";

    private static readonly object Intake = new { name = "intake", status = "unhealthy", detail = "the intake has ended" };

    private static readonly (object Change, string Sentence)[] States =
    [
        (new { }, "All is well."),
        (new { health = new { status = "starting", checks = Array.Empty<object>() } }, "The gateway is starting."),
        (new { health = new { status = "stopping", checks = Array.Empty<object>() }, door = new { state = "stopping" } }, "The gateway is stopping."),
        (new { engines = new[] { new { name = "mongodb", up = false, detail = "no primary" } }, worker = new { state = "stuck" } }, "MongoDB does not answer: no primary."),
        (new { engines = new[] { new { name = "rabbitmq", up = false } }, door = new { state = "refusing", rejectedByReason = new { } } }, "RabbitMQ does not answer."),
        (new { door = new { state = "refusing", rejectedByReason = new { } } }, "The door rejects webhooks with 503."),
        (new { worker = new { state = "stuck" } }, "The worker is stuck: work is due, and nothing gets done."),
        (new { breaker = new { state = "open", restSeconds = 3.6, notClosedForSeconds = 9 } }, "Routing service is down: calls rest, next probe in 4 s."),
        (new { health = new { status = "degraded", checks = new[] { new { name = "lag", status = "degraded", detail = "the oldest event waits 12 min, the budget is 5 min" } } } },
            "The oldest event waits 12 min, the budget is 5 min."),
        (new { health = NotReady(Intake) }, IntakeStandsStill),
        (new { health = NotReady(new { name = "lag", status = "degraded", detail = "late" }, Intake) }, IntakeStandsStill),
        (new { engines = Down("redis"), health = NotReady(Intake) }, IntakeStandsStill),
        (new { engines = Down("mongodb"), health = NotReady(Intake), worker = new { state = "stuck" } }, "MongoDB does not answer."),
        (new { health = NotReady(new { name = "clock", status = "unhealthy", detail = "the clock went back" }) }, "The clock went back."),
        (new { health = NotReady(new { name = "clock", status = "unhealthy" }) }, "The check clock is unhealthy."),
        (new { counts = (object?)null }, "The store has not told how many events there are."),
    ];

    [Fact]
    public async Task The_worst_that_is_the_matter_comes_first_and_in_plain_words()
    {
        var sentences = await SentencesAsync([.. States.Select(state => state.Change)]);

        sentences.ShouldBe(States.Select(state => state.Sentence));
    }

    private static object[] Down(string engine) => [new { name = engine, up = false }];

    private static object NotReady(params object[] checks) => new { status = "not ready", checks };

    private async Task<string[]> SentencesAsync(params object[] changes)
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        return await visit.Page.EvaluateAsync<string[]>(Ask, changes.Select(change => JsonSerializer.Serialize(change)).ToArray());
    }
}
