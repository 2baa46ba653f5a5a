using System.Text.Json;
using Gateway.Host.Tests.Console.Browser;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Console;

/// <summary>The first message of the status summary, drawn from given snapshots.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class StatusSummaryTests(Chromium chromium)
{
    private const string FirstMessages = """
        async changes => {
          const { statusSummary } = await import('/console/assets/app/status-summary.js');
          const healthy = {
            counts: { accepted: 1, pending: 0, processed: 1, failed: 0 }, worker: { state: 'idle' },
            ingest: { state: 'open', rejectedByReason: {} }, circuit: { state: 'closed', nextProbeSeconds: 0, openForSeconds: 0 },
            backends: [{ name: 'sqlite', up: true }], health: { status: 'ready', checks: [] },
          };
          return JSON.stringify(changes.map(change => {
            const { points, ...rest } = JSON.parse(change);
            return statusSummary({ ...healthy, ...rest }, points ?? [])[0];
          }));
        }
        """;

    private const string Address = "http://routing:8080/route";

    private const string Healthy = "The gateway is healthy.";

    private const string QueueReaderStopped = "Queue reader stopped: events wait in the queue.";

    private const string NextEventProbes = "Routing service is down: calls paused, the next due event is the probe.";

    private const string SixtyFailed = "60 events failed in the last minute.";

    private static readonly object[] None = [];

    private static object? Unknown => null;

    private static readonly object QueueReader = Check("queue-reader", "unhealthy", "it has ended");

    private static readonly object Stalled = new { state = "stalled" };

    private static readonly object NeverFailed =
        new { state = "closed", nextProbeSeconds = 0, openForSeconds = 0, address = Address, lastFailure = (object?)null };

    private static readonly object Pending = new { accepted = 3, pending = 2, processed = 1, failed = 0 };

    private static readonly object Backlog = new { accepted = 2000, pending = 1221, processed = 779, failed = 0 };

    private static readonly object Worker = new { state = "working", inFlight = 100, slots = 100 };

    // Fixed per test, so that ages do not depend on the start of the browser.
    private readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    private (object Change, string Text)[] States =>
    [
        (new { }, Healthy),
        (new { health = new { status = "starting", checks = None } }, "The gateway is starting."),
        (new { health = new { status = "stopping", checks = None }, ingest = Ingest("stopping") }, "The gateway is stopping."),
        (new { backends = Down("mongodb", "no primary"), worker = Stalled }, "MongoDB does not answer: no primary."),
        (new { backends = Down("rabbitmq"), ingest = Ingest("unavailable") }, "RabbitMQ does not answer."),
        (new { ingest = Ingest("unavailable") }, "Ingest answers 503."),
        (new { worker = Stalled }, "Worker stalled: events are due but no attempt completes."),
        (new { circuit = Open(3.6), counts = Pending }, "Routing service is down: calls paused, next probe in 4 s."),
        (new { circuit = Open(0), counts = Pending }, NextEventProbes),
        (new { circuit = Open(0), counts = Unknown }, NextEventProbes),
        (new { circuit = Open(0) }, "Routing service was down at the last call; no events are pending."),
        (new { circuit = Failed("open", 3) }, "Routing service was down at the last call, 3 min ago; no events are pending."),
        (new { points = Minute(0, retries: 4, 1), circuit = Failed("closed", 0) }, "Most attempts fail: 80 % in the last 10 s."),
        (new { points = LastSeconds(10, Minute(0, 0, 5), Minute(0, 1, 0)), circuit = Failed("closed", 0) },
            "Most attempts fail: 100 % in the last 10 s."),
        (new { points = LastSeconds(15, Minute(0, 4, 1), Minute(0, 0, 5)), circuit = Failed("closed", 0) }, Healthy),
        (new { points = Minute(0, retries: 0.1, 0), circuit = Failed("closed", 4, consecutive: 7) },
            "The last 7 calls to the routing service failed."),
        (new { circuit = Failed("closed", 0, consecutive: 2) }, Healthy),
        (new { circuit = Failed("closed", 6, consecutive: 7) }, Healthy),
        (new { points = Minute(0, retries: 4, 1), circuit = Failed("closed", 3) }, Healthy),
        (new { points = Minute(0, retries: 1, 1), circuit = Failed("closed", 0) }, Healthy),
        (new { points = Minute(0, retries: 4, 0).TakeLast(1), circuit = Failed("closed", 0) }, Healthy),
        (new { points = Minute(failed: 1, 0, 0), circuit = NeverFailed, counts = Stored(60) }, SixtyFailed),
        (new { points = Minute(failed: 1, 0, 2), counts = Stored(7) }, "7 events failed in the last minute."),
        (new { points = Minute(failed: 1, 0, 2), counts = Stored(0) }, Healthy),
        (new { points = Minute(failed: 1, 0, 2), counts = Stored(100) }, SixtyFailed),
        (new { points = Minute(failed: 1, 0, 2), counts = Stored(60, removed: 58) }, "2 events failed in the last minute."),
        (new { points = Minute(failed: 1, 0, 2), counts = Stored(60, removed: 60) }, Healthy),
        (new { points = Full(20), worker = Worker, counts = Backlog },
            "Worker at capacity: 100 of 100 attempts in flight, 1,221 events pending."),
        (new { points = Full(19), worker = Worker, counts = Backlog }, Healthy),
        (new { points = Full(20, growth: 0), worker = Worker, counts = Backlog }, Healthy),
        (new { points = Full(20, inFlight: 99), worker = Worker, counts = Backlog }, Healthy),
        (new { points = Minute(0, 0, 0).Select(_ => new { rejected = 1 }) },
            "Most requests are rejected: 100 % in the last minute."),
        (new { health = NotReady(Check("lag", "degraded", "oldest pending event: 12 min, budget: 5 min")) },
            "Oldest pending event: 12 min, budget: 5 min."),
        (new { health = NotReady(QueueReader) }, QueueReaderStopped),
        (new { health = NotReady(Check("lag", "degraded", "late"), QueueReader) }, QueueReaderStopped),
        (new { backends = Down("redis"), health = NotReady(QueueReader) }, QueueReaderStopped),
        (new { backends = Down("mongodb"), health = NotReady(QueueReader), worker = Stalled }, "MongoDB does not answer."),
        (new { health = NotReady(Check("ingest", "degraded", "a request was answered 503 5 s ago: sqlite: full")) },
            "A request was answered 503 5 s ago: sqlite: full."),
        (new { ingest = Ingest("unavailable"), health = NotReady(Check("ingest", "unhealthy", "every request")) },
            "Ingest answers 503."),
        (new { health = NotReady(Check("clock", "unhealthy", "the clock went back")) }, "The clock went back."),
        (new { health = NotReady(Check("clock", "unhealthy", detail: null)) }, "Health check clock is unhealthy."),
        (new { counts = Unknown }, "The store has not reported its event counts."),
    ];

    [Fact]
    public async Task Worst_problem_is_the_first_message()
    {
        var states = States;

        var messages = await MessagesAsync([.. states.Select(state => state.Change)]);

        messages.Select(message => message.Text).ShouldBe(states.Select(state => state.Text));
    }

    [Fact]
    public async Task Outage_shows_address_error_and_age_and_links_to_pending_events()
    {
        var found = await MessagesAsync(
            new { circuit = Failed("open", 2), counts = Pending }, new { circuit = Failed("open", 2) },
            new { points = Minute(0, retries: 4, 1), circuit = Failed("closed", 0), counts = Pending });

        foreach (var one in found) one.Detail!.ShouldStartWith($"{Address}: Connection refused (routing:8080), ");
        found[0].Detail!.ShouldContain("2 min ago. Down for 9 s.");
        found[0].Detail!.ShouldContain("consume no retries");
        found[0].Kind.ShouldBe("bad");
        found[1].Kind.ShouldBe("warn");
        found[2].Detail!.ShouldEndWith("Contact its owner. Failed events are kept and can be replayed.");
        foreach (var one in new[] { found[0], found[2] }) one.Href.ShouldBe("#/events?status=pending");
    }

    [Fact]
    public async Task Calls_that_nearly_all_fail_are_as_severe_as_an_outage()
    {
        var found = await MessagesAsync(
            new { points = Minute(0, retries: 4, 1), circuit = Failed("closed", 0) },
            new { points = Minute(0, retries: 4, 0.4), circuit = Failed("closed", 0) },
            new { circuit = Failed("closed", 0, consecutive: 19) }, new { circuit = Failed("closed", 0, consecutive: 20) });

        found.Select(one => one.Kind).ShouldBe(["warn", "bad", "warn", "bad"]);
    }

    [Fact]
    public async Task Worker_at_capacity_shows_the_attempt_duration_and_what_to_do()
    {
        var found = (await MessagesAsync(new { points = Full(20), worker = Worker, counts = Backlog })).Single();

        found.Kind.ShouldBe("warn");
        found.Href.ShouldBe("#/events?status=pending");
        found.Detail.ShouldBe(
            "Median attempt duration: 4 s. If the routing service is slow, contact its owner. "
            + "If traffic has grown, raise WORKER_PREFETCH.");
    }

    [Fact]
    public async Task Erased_failures_are_not_mentioned()
    {
        var found = await MessagesAsync(new { counts = Stored(3, removed: 3) }, new { counts = Stored(3, removed: 2) });

        found[0].Href.ShouldBeNull();
        found[0].Detail!.ShouldNotContain("failed");
        found[1].Detail!.ShouldEndWith("1 event failed earlier.");
    }

    private static object Stored(int failed, int removed = 0)
        => new
        {
            accepted = 1000, pending = 0, processed = 1000 - failed, failed, removed = new { processed = 0, failed = removed },
        };

    private static object Open(double nextProbe) => new { state = "open", nextProbeSeconds = nextProbe, openForSeconds = 9 };

    private object Failed(string state, int minutesAgo, int consecutive = 0) => new
    {
        state, nextProbeSeconds = 0, openForSeconds = state == "open" ? 9 : 0, address = Address,
        lastFailure = new { error = "Connection refused (routing:8080).", at = _now.AddMinutes(-minutesAgo) },
        consecutiveFailures = consecutive,
    };

    /// <summary>Sixty equal points.</summary>
    private IEnumerable<object> Minute(double failed, double retries, double processed)
        => Enumerable.Range(-60, 60)
            .Select(second => new { t = _now.AddSeconds(second).ToUnixTimeMilliseconds(), failed, retries, processed });

    private static IEnumerable<object> LastSeconds(int seconds, IEnumerable<object> before, IEnumerable<object> after)
        => before.Take(60 - seconds).Concat(after.TakeLast(seconds));

    /// <summary>Points of a worker with 100 slots.</summary>
    private static IEnumerable<object> Full(int seconds, int growth = 5, int inFlight = 100)
        => Enumerable.Range(0, seconds).Select(second => new
        {
            processed = 25, inFlight = second == 0 ? inFlight : 100, pending = 1126 + growth * second, attemptP50 = 4000,
        });

    private static object[] Down(string backend, string? detail = null) => [new { name = backend, up = false, detail }];

    private static object Ingest(string state) => new { state, rejectedByReason = new { } };

    private static object Check(string name, string status, string? detail) => new { name, status, detail };

    private static object NotReady(params object[] checks) => new { status = "not ready", checks };

    private async Task<Message[]> MessagesAsync(params object[] changes)
    {
        await using var host = GatewayHost.Start();
        await using var visit = await ConsoleVisit.BeginAsync(chromium, host.Address);
        string[] argument = [.. changes.Select(change => JsonSerializer.Serialize(change))];
        var json = await visit.Page.EvaluateAsync<string>(FirstMessages, argument);
        return JsonSerializer.Deserialize<Message[]>(json, JsonSerializerOptions.Web)!;
    }

    private sealed record Message(string Text, string? Detail, string? Href, string Kind);
}
