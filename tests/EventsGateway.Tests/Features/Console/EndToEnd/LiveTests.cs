using System.Globalization;
using System.Net;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using static Gateway.EventsGateway.Tests.Features.Console.EndToEnd.ConsoleVisitor;

namespace Gateway.EventsGateway.Tests.Features.Console.EndToEnd;

public sealed class LiveTests
{
    private static readonly string[] OfAPoint =
    [
        "t", "accepted", "duplicate", "rejected", "unavailable", "processed", "failed", "retries", "p50", "p95", "p99",
        "attemptP50", "attemptP99",
        "pending", "oldest", "queued", "inFlight",
    ];

    [Fact]
    public async Task Live_stream_needs_a_login()
    {
        await using var host = StartGuarded();

        (await host.Client.RejectedAsync(new(HttpMethod.Get, LivePath))).Status.ShouldBe(401);
    }

    [Fact]
    public async Task Live_stream_shows_a_webhook_with_the_counts_of_the_operator_api()
    {
        await using var host = StartGuarded();
        using var console = host.NewConsole();
        await console.LogInAsync();
        await host.Client.AcceptedAsync(new Webhooks().Next());
        using var unsigned = await host.Client.Http.PostAsync(GatewayClient.BasePath, new ByteArrayContent([]));

        var seen = await console.SeenAsync(
            live => Number(live, "counts", "processed") == 1 && Number(live, "totals", "processed") == 1);

        (Number(seen, "totals", "accepted"), Number(seen, "totals", "rejected")).ShouldBe((1, 1));
        Number(seen, "counts", "accepted").ShouldBe(1);
        seen.GetProperty("ingest").GetProperty("rejectedByReason").GetProperty("missing_signature").GetInt64().ShouldBe(1);
        seen.GetProperty("ingest").Text("state").ShouldBe("open");
        seen.GetProperty("circuit").Text("state").ShouldBe("closed");
        Number(seen, "worker", "slots").ShouldBe(100);
        seen.GetProperty("health").GetProperty("checks").EnumerateArray().Select(check => check.Text("name"))
            .ShouldContain("worker");
        seen.GetProperty("backends").EnumerateArray().ShouldAllBe(backend => backend.GetProperty("up").GetBoolean());
        seen.GetProperty("health").Text("status").ShouldBe("ready");
        seen.GetProperty("process").GetProperty("pid").GetInt32().ShouldBe(Environment.ProcessId);
    }

    [Fact]
    public async Task Numbers_of_a_snapshot_were_read_at_the_same_moment()
    {
        await using var host = GatewayHost.Start(("RoutingService:DelayMs", "1"));
        using var end = new CancellationTokenSource();
        var sending = SendAsync();
        var seen = 0;

        await host.Client.SeenAsync(live =>
        {
            if (live.GetProperty("counts").ValueKind == JsonValueKind.Null) return false;
            Number(live, "counts", "pending").ShouldBe(Number(live, "point", "pending"));
            Number(live, "worker", "inFlight").ShouldBe(Number(live, "point", "inFlight"));
            return ++seen == 5;
        });

        await end.CancelAsync();
        await sending;

        async Task SendAsync()
        {
            var webhooks = new Webhooks();
            while (!end.IsCancellationRequested) await Task.WhenAll(webhooks.Take(20).Select(host.Client.AcceptedAsync));
        }
    }

    [Fact]
    public async Task Unreachable_routing_service_is_shown_with_address_and_last_failure()
    {
        await using var host = GatewayHost.Start(
            ("Routing:Url", "http://user:word@127.0.0.1:1/route?key=secret"), ("Routing:BreakerStreak", "2"));
        var webhooks = new Webhooks();
        for (var i = 0; i < 2; i++) await host.Client.AcceptedAsync(webhooks.Next());

        var seen = await host.Client.SeenAsync(live => live.GetProperty("circuit").Text("state") == "open");

        var breaker = seen.GetProperty("circuit");
        breaker.Text("address").ShouldBe("http://127.0.0.1:1/route");
        breaker.GetProperty("lastFailure").Text("error").ShouldNotBeNull().ShouldContain("127.0.0.1:1");
        DateTimeOffset.Parse(breaker.GetProperty("lastFailure").Text("at")!, CultureInfo.InvariantCulture)
            .ShouldBeLessThanOrEqualTo(DateTimeOffset.UtcNow);
        Number(seen, "circuit", "consecutiveFailures").ShouldBeGreaterThanOrEqualTo(2);
        Number(seen, "counts", "failed").ShouldBe(0);
        seen.GetProperty("counts").GetProperty("removed").EnumerateObject().Select(member => member.Name)
            .ShouldBe(["processed", "failed", "dismissed"]);
    }

    [Fact]
    public async Task History_comes_first_then_each_second_once()
    {
        await using var host = GatewayHost.Start();
        // Two seconds are reported: the previous one and the current one.
        await host.Client.LiveAsync().Take(3).ToListAsync();

        var events = await host.Client.LiveAsync().Take(3).ToListAsync();

        events.Select(e => e.Type).ShouldBe(["history", "live", "live"]);
        events[0].Data.GetProperty("stepSeconds").GetInt32().ShouldBe(1);
        var past = events[0].Data.GetProperty("points").EnumerateArray().ToList();
        past.ShouldNotBeEmpty();
        JsonElement[] points = [.. past, .. events[1..].Select(e => e.Data.GetProperty("point"))];
        points.Select(point => point.GetProperty("t").GetInt64()).ShouldBeUnique();
        foreach (var point in points) point.EnumerateObject().Select(member => member.Name).ShouldBe(OfAPoint, ignoreOrder: true);
    }

    [Fact]
    public async Task Open_consoles_end_at_shutdown_without_delaying_it()
    {
        await using var host = GatewayHost.Start();
        using var console = host.NewConsole();
        var opened = new TaskCompletionSource();
        var watching = Task.Run(async () =>
        {
            await foreach (var _ in console.LiveAsync()) opened.TrySetResult();
        });
        await opened.Task.WaitAsync(Until.Timeout);

        await host.StopAsync();

        // Ended properly, not aborted.
        await watching.WaitAsync(Until.Timeout);
    }

    [Fact]
    public async Task Too_many_open_consoles_are_answered_503()
    {
        await using var host = GatewayHost.Start();
        var open = new List<HttpResponseMessage>();
        for (var i = 0; i < 32; i++)
            open.Add(await host.Client.Http.GetAsync(LivePath, HttpCompletionOption.ResponseHeadersRead));

        (await host.Client.RejectedAsync(new(HttpMethod.Get, LivePath))).Status.ShouldBe(503);

        open[0].Dispose();
        await Until.TrueAsync(
            async () =>
            {
                open[0] = await host.Client.Http.GetAsync(LivePath, HttpCompletionOption.ResponseHeadersRead);
                return open[0].StatusCode;
            },
            status => status == HttpStatusCode.OK);
        open.ForEach(answer => answer.Dispose());
    }

    [Fact]
    public async Task Live_stream_contains_no_secret()
    {
        await using var host = StartGuarded();
        using var console = host.NewConsole();
        await console.LogInAsync();

        foreach (var (_, data) in await console.LiveAsync().Take(2).ToListAsync())
        {
            data.GetRawText().ShouldNotContain(Key);
            data.GetRawText().ShouldNotContain(GatewayHost.Secret);
        }
    }

    private static long Number(JsonElement json, string group, string member)
        => json.GetProperty(group) is { ValueKind: JsonValueKind.Object } one ? one.GetProperty(member).GetInt64() : 0;
}
