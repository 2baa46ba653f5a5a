using System.Text.Json;
using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Console;

/// <summary>What the first sentence says, for states that nobody wants to wait for.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class StatusSummaryTests(Chromium chromium)
{
    private const string Ask = """
        async changes => {
          const { verdict } = await import('/console/assets/app/verdict.js');
          const well = {
            counts: { accepted: 1, pending: 0, processed: 1, failed: 0 }, ingest: { state: 'open', rejectedByReason: {} }, worker: { state: 'idle' },
            circuit: { state: 'closed', nextProbeSeconds: 0, openForSeconds: 0 }, backends: [{ name: 'sqlite', up: true }], health: { status: 'ready', checks: [] },
          };
          return JSON.stringify(changes.map(change => {
            const { points, ...rest } = JSON.parse(change);
            return verdict({ ...well, ...rest }, points ?? [])[0];
          }));
        }
        """;

    private const string IntakeStandsStill = "The intake stands still: events wait in the queue.";

    private static readonly object Intake = new { name = "queue-reader", status = "unhealthy", detail = "the intake has ended" };

    private static readonly object NeverFailed =
        new { state = "closed", nextProbeSeconds = 0, openForSeconds = 0, address = "http://routing:8080/route", lastFailure = (object?)null };

    private static readonly object Pending = new { accepted = 3, pending = 2, processed = 1, failed = 0 };

    private static readonly object Waiting = new { accepted = 2000, pending = 1221, processed = 779, failed = 0 };

    private static readonly object Worker = new { state = "working", inFlight = 100, slots = 100 };

    // One for all of a test: what is written into a state must not depend on how long a browser takes to open.
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    private (object Change, string Sentence)[] States =>
    [
        (new { }, "All is well."),
        (new { health = new { status = "starting", checks = Array.Empty<object>() } }, "The gateway is starting."),
        (new { health = new { status = "stopping", checks = Array.Empty<object>() }, ingest = new { state = "stopping" } }, "The gateway is stopping."),
        (new { backends = new[] { new { name = "mongodb", up = false, detail = "no primary" } }, worker = new { state = "stalled" } }, "MongoDB does not answer: no primary."),
        (new { backends = new[] { new { name = "rabbitmq", up = false } }, ingest = new { state = "unavailable", rejectedByReason = new { } } }, "RabbitMQ does not answer."),
        (new { ingest = new { state = "unavailable", rejectedByReason = new { } } }, "The door rejects webhooks with 503."),
        (new { worker = new { state = "stalled" } }, "The worker is stuck: work is due, and nothing gets done."),
        (new { circuit = Open(3.6), counts = Pending }, "Routing service is down: calls rest, next probe in 4 s."),
        (new { circuit = Open(0), counts = Pending }, "Routing service is down: calls rest, the next event that is due asks again."),
        (new { circuit = Open(0), counts = (object?)null }, "Routing service is down: calls rest, the next event that is due asks again."),
        (new { circuit = Open(0) }, "The routing service was down when it was last asked; nothing waits for it."),
        (new { circuit = Failed("open", 3) }, "The routing service was down when it was last asked, 3 min ago; nothing waits for it."),
        (new { points = Minute(failed: 0, retries: 4, processed: 1), circuit = Failed("closed", 0) }, "Most attempts fail: 80 % in the last 10 s."),
        (new { points = Minute(0, 0, 5).Take(50).Concat(Minute(0, 1, 0).TakeLast(10)), circuit = Failed("closed", 0) }, "Most attempts fail: 100 % in the last 10 s."),
        (new { points = Minute(0, 4, 1).Take(45).Concat(Minute(0, 0, 5).TakeLast(15)), circuit = Failed("closed", 0) }, "All is well."),
        (new { points = Minute(failed: 0, retries: 0.1, processed: 0), circuit = Failed("closed", 4, inARow: 7) }, "The last 7 calls to the routing service failed."),
        (new { circuit = Failed("closed", 0, inARow: 2) }, "All is well."),
        (new { circuit = Failed("closed", 6, inARow: 7) }, "All is well."),
        (new { points = Minute(failed: 0, retries: 4, processed: 1), circuit = Failed("closed", 3) }, "All is well."),
        (new { points = Minute(failed: 0, retries: 1, processed: 1), circuit = Failed("closed", 0) }, "All is well."),
        (new { points = Minute(failed: 0, retries: 4, processed: 0).TakeLast(1), circuit = Failed("closed", 0) }, "All is well."),
        (new { points = Minute(failed: 1, retries: 0, processed: 0), circuit = NeverFailed, counts = Held(60) }, "60 events failed in the last minute."),
        (new { points = Minute(failed: 1, retries: 0, processed: 2), counts = Held(7) }, "7 events failed in the last minute."),
        (new { points = Minute(failed: 1, retries: 0, processed: 2), counts = Held(0) }, "All is well."),
        (new { points = Minute(failed: 1, retries: 0, processed: 2), counts = Held(100) }, "60 events failed in the last minute."),
        (new { points = Minute(failed: 1, retries: 0, processed: 2), counts = Held(60, removed: 58) }, "2 events failed in the last minute."),
        (new { points = Minute(failed: 1, retries: 0, processed: 2), counts = Held(60, removed: 60) }, "All is well."),
        (new { points = Full(seconds: 20), worker = Worker, counts = Waiting }, "The worker is full: 100 of 100 attempts in work, and 1,221 events wait."),
        (new { points = Full(seconds: 19), worker = Worker, counts = Waiting }, "All is well."),
        (new { points = Full(seconds: 20, growth: 0), worker = Worker, counts = Waiting }, "All is well."),
        (new { points = Full(seconds: 20, inFlight: 99), worker = Worker, counts = Waiting }, "All is well."),
        (new { points = Minute(0, 0, 0).Select(_ => new { rejected = 1 }) }, "Most requests are rejected: 100 % in the last minute."),
        (new { health = new { status = "degraded", checks = new[] { new { name = "lag", status = "degraded", detail = "the oldest event waits 12 min, the budget is 5 min" } } } },
            "The oldest event waits 12 min, the budget is 5 min."),
        (new { health = NotReady(Intake) }, IntakeStandsStill),
        (new { health = NotReady(new { name = "lag", status = "degraded", detail = "late" }, Intake) }, IntakeStandsStill),
        (new { backends = Down("redis"), health = NotReady(Intake) }, IntakeStandsStill),
        (new { backends = Down("mongodb"), health = NotReady(Intake), worker = new { state = "stalled" } }, "MongoDB does not answer."),
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
            new { circuit = Failed("open", 2), counts = Pending }, new { circuit = Failed("open", 2) },
            new { points = Minute(failed: 0, retries: 4, processed: 1), circuit = Failed("closed", 0), counts = Pending });

        foreach (var one in found) one.More!.ShouldStartWith("http://routing:8080/route: Connection refused (routing:8080), ");
        found[0].More!.ShouldContain("2 min ago. Down for 9 s.");
        found[0].More!.ShouldContain("spend no attempts");
        found[0].Kind.ShouldBe("bad");
        found[1].Kind.ShouldBe("warn");
        found[2].More!.ShouldEndWith("Ask its owner. What fails for good is kept, and can be replayed.");
        foreach (var one in new[] { found[0], found[2] }) one.Href.ShouldBe("#/events?status=pending");
    }

    [Fact]
    public async Task Calls_that_nearly_all_fail_are_as_bad_as_an_outage()
    {
        var found = await SentencesAsync(
            new { points = Minute(failed: 0, retries: 4, processed: 1), circuit = Failed("closed", 0) }, new { points = Minute(failed: 0, retries: 4, processed: 0.4), circuit = Failed("closed", 0) },
            new { circuit = Failed("closed", 0, inARow: 19) }, new { circuit = Failed("closed", 0, inARow: 20) });

        found.Select(one => one.Kind).ShouldBe(["warn", "bad", "warn", "bad"]);
    }

    [Fact]
    public async Task A_full_worker_says_how_long_an_attempt_takes_and_what_to_do()
    {
        var found = (await SentencesAsync(new { points = Full(seconds: 20), worker = Worker, counts = Waiting })).Single();

        found.Kind.ShouldBe("warn");
        found.Href.ShouldBe("#/events?status=pending");
        found.More.ShouldBe(
            "An attempt takes 4 s (median). If the routing service is slower than usual, ask its owner; if there is simply more traffic, raise WORKER_PREFETCH.");
    }

    [Fact]
    public async Task Erased_failures_wait_for_no_decision()
    {
        var found = await SentencesAsync(new { counts = Held(3, removed: 3) }, new { counts = Held(3, removed: 2) });

        found[0].Href.ShouldBeNull();
        found[0].More!.ShouldNotContain("failed");
        found[1].More!.ShouldEndWith("1 event failed earlier and waits for a decision.");
    }

    private static object Held(int failed, int removed = 0)
        => new { accepted = 1000, pending = 0, processed = 1000 - failed, failed, removed = new { processed = 0, failed = removed } };

    private static object Open(double rest) => new { state = "open", nextProbeSeconds = rest, openForSeconds = 9 };

    private object Failed(string state, int minutesAgo, int inARow = 0) => new
    {
        state, nextProbeSeconds = 0, openForSeconds = state == "open" ? 9 : 0, address = "http://routing:8080/route",
        lastFailure = new { error = "Connection refused (routing:8080).", at = _now.AddMinutes(-minutesAgo) },
        consecutiveFailures = inARow,
    };

    /// <summary>Sixty seconds alike.</summary>
    private IEnumerable<object> Minute(double failed, double retries, double processed)
        => Enumerable.Range(-60, 60).Select(second => new { t = _now.AddSeconds(second).ToUnixTimeMilliseconds(), failed, retries, processed });

    /// <summary>Seconds of a worker with a hundred slots.</summary>
    private static IEnumerable<object> Full(int seconds, int growth = 5, int inFlight = 100)
        => Enumerable.Range(0, seconds).Select(second => new { processed = 25, inFlight = second == 0 ? inFlight : 100, pending = 1126 + growth * second, attemptP50 = 4000 });

    private static object[] Down(string backend) => [new { name = backend, up = false }];

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
