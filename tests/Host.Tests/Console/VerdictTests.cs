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
    ];

    [Fact]
    public async Task The_worst_that_is_the_matter_comes_first_and_in_plain_words()
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);

        var sentences = await visit.Page.EvaluateAsync<string[]>(Ask, States.Select(state => JsonSerializer.Serialize(state.Change)).ToArray());

        sentences.ShouldBe(States.Select(state => state.Sentence));
    }
}
