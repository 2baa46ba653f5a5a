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
          return JSON.stringify(changes.map(change => {
            const { points, ...rest } = JSON.parse(change);
            return verdict({ ...well, ...rest }, points ?? [])[0];
          }));
        }
        """;

    private const string IntakeStandsStill = "The intake stands still: events wait in the queue.";

    private static readonly object Intake = new { name = "intake", status = "unhealthy", detail = "the intake has ended" };

    private static readonly object NeverFailed =
        new { state = "closed", restSeconds = 0, notClosedForSeconds = 0, address = "http://routing:8080/route", lastFailure = (object?)null };

    private static readonly object Pending = new { accepted = 3, pending = 2, processed = 1, failed = 0 };

    // One for all of a test: what is written into a state must not depend on how long a browser takes to open.
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    private (object Change, string Sentence)[] States =>
    [
        (new { }, "All is well."),
        (new { health = new { status = "starting", checks = Array.Empty<object>() } }, "The gateway is starting."),
        (new { health = new { status = "stopping", checks = Array.Empty<object>() }, door = new { state = "stopping" } }, "The gateway is stopping."),
        (new { engines = new[] { new { name = "mongodb", up = false, detail = "no primary" } }, worker = new { state = "stuck" } }, "MongoDB does not answer: no primary."),
        (new { engines = new[] { new { name = "rabbitmq", up = false } }, door = new { state = "refusing", rejectedByReason = new { } } }, "RabbitMQ does not answer."),
        (new { door = new { state = "refusing", rejectedByReason = new { } } }, "The door rejects webhooks with 503."),
        (new { worker = new { state = "stuck" } }, "The worker is stuck: work is due, and nothing gets done."),
        (new { breaker = Open(3.6), counts = Pending }, "Routing service is down: calls rest, next probe in 4 s."),
        (new { breaker = Open(0), counts = Pending }, "Routing service is down: calls rest, the next event that is due asks again."),
        (new { breaker = Open(0), counts = (object?)null }, "Routing service is down: calls rest, the next event that is due asks again."),
        (new { breaker = Open(0) }, "The routing service was down when it was last asked; nothing waits for it."),
        (new { breaker = Failed("open", 3) }, "The routing service was down when it was last asked, 3 min ago; nothing waits for it."),
        (new { points = Minute(failed: 0, retries: 4, processed: 1), breaker = Failed("closed", 0) }, "Most attempts fail: 80 % in the last 10 s."),
        (new { points = Minute(failed: 0, retries: 0.5, processed: 0), breaker = Failed("closed", 0) }, "Most attempts fail: 100 % in the last 39 s."),
        (new { points = Minute(failed: 0, retries: 0.1, processed: 0.02), breaker = Failed("closed", 0) }, "Most attempts fail: 86 % in the last 60 s."),
        (new { points = Minute(0, 4, 1).Take(45).Concat(Minute(0, 0, 5).TakeLast(15)), breaker = Failed("closed", 0) }, "All is well."),
        (new { points = Minute(failed: 0, retries: 4, processed: 1), breaker = Failed("closed", 3) }, "All is well."),
        (new { points = Minute(failed: 0, retries: 1, processed: 1), breaker = Failed("closed", 0) }, "All is well."),
        (new { points = Minute(failed: 0, retries: 4, processed: 0).TakeLast(1), breaker = Failed("closed", 0) }, "All is well."),
        (new { points = Minute(failed: 1, retries: 0, processed: 0), breaker = NeverFailed, counts = Held(60) }, "60 events failed in the last minute."),
        (new { points = Minute(failed: 1, retries: 0, processed: 2), counts = Held(7) }, "7 events failed in the last minute."),
        (new { points = Minute(failed: 1, retries: 0, processed: 2), counts = Held(0) }, "All is well."),
        (new { points = Fallen(100, 30), counts = Held(30) }, "All is well."),
        (new { points = Fallen(100, 80), counts = Held(80) }, "40 events failed in the last minute."),
        (new { points = Minute(0, 0, 0).Select(_ => new { rejected = 1 }) }, "Most requests are rejected: 100 % in the last minute."),
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
        var states = States;

        var sentences = await SentencesAsync([.. states.Select(state => state.Change)]);

        sentences.Select(sentence => sentence.Text).ShouldBe(states.Select(state => state.Sentence));
    }

    [Fact]
    public async Task An_outage_names_address_error_and_its_age_and_leads_to_what_waits()
    {
        var found = await SentencesAsync(
            new { breaker = Failed("open", 2), counts = Pending }, new { breaker = Failed("open", 2) },
            new { points = Minute(failed: 0, retries: 4, processed: 1), breaker = Failed("closed", 0), counts = Pending });

        foreach (var one in found) one.More!.ShouldStartWith("http://routing:8080/route: Connection refused (routing:8080), ");
        found[0].More!.ShouldContain("2 min ago. Down for 9 s.");
        found[0].More!.ShouldContain("spend no attempts");
        found[0].Kind.ShouldBe("bad");
        found[1].Kind.ShouldBe("warn");
        foreach (var one in new[] { found[0], found[2] }) one.Href.ShouldBe("#/events?status=pending");
    }

    private static object Held(int failed) => new { accepted = 1000, pending = 0, processed = 1000 - failed, failed };

    private static object Open(double rest) => new { state = "open", restSeconds = rest, notClosedForSeconds = 9 };

    private object Failed(string state, int minutesAgo) => new
    {
        state, restSeconds = 0, notClosedForSeconds = state == "open" ? 9 : 0, address = "http://routing:8080/route",
        lastFailure = new { error = "Connection refused (routing:8080).", at = _now.AddMinutes(-minutesAgo) },
    };

    /// <summary>Sixty seconds alike.</summary>
    private IEnumerable<object> Minute(double failed, double retries, double processed)
        => Enumerable.Range(-60, 60).Select(second => new { t = _now.AddSeconds(second).ToUnixTimeMilliseconds(), failed, retries, processed });

    /// <summary>Sixty events failed; then the store's count of failed ones fell.</summary>
    private static IEnumerable<object> Fallen(int from, int to)
        => [.. Enumerable.Repeat(new { failed = 1, processed = 9, held = from }, 60), new { failed = 0, processed = 9, held = to }];

    private static object[] Down(string engine) => [new { name = engine, up = false }];

    private static object NotReady(params object[] checks) => new { status = "not ready", checks };

    private async Task<Sentence[]> SentencesAsync(params object[] changes)
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        var answer = await visit.Page.EvaluateAsync<string>(Ask, changes.Select(change => JsonSerializer.Serialize(change)).ToArray());
        return JsonSerializer.Deserialize<Sentence[]>(answer, JsonSerializerOptions.Web)!;
    }

    private sealed record Sentence(string Text, string? More, string? Href, string Kind);
}
