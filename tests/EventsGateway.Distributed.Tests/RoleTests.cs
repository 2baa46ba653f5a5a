using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Tests.Features.ReceiveEvent.FromSource.EndToEnd;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Distributed.Tests;

/// <summary>Ingest and worker as separate processes on the same backends.</summary>
public sealed class RoleTests
{
    [Fact]
    public async Task Event_that_ingest_accepts_is_processed_by_the_worker()
    {
        var sandbox = await NewSandboxAsync();
        await using var ingest = Start(sandbox, ("Role", "Ingest"));
        await using var worker = Start(sandbox, ("Role", "Worker"));

        var keys = await Task.WhenAll(new Webhooks().Take(50).Select(webhook => ingest.Client.AcceptedAsync(webhook)));

        (await ingest.Client.SettledAsync()).GetProperty("processed").GetInt64().ShouldBe(keys.Length);
        (await worker.Client.EventAsync(keys[0])).Text("status").ShouldBe("processed");
    }

    [Fact]
    public async Task Ingest_without_a_worker_processes_no_event()
    {
        var sandbox = await NewSandboxAsync();
        await using var ingest = Start(sandbox, ("Role", "Ingest"));

        await ingest.Client.AcceptedAsync(new Webhooks().Next());

        var counts = await Until.TrueAsync(
            () => ingest.Client.SnapshotAsync(), counts => counts.GetProperty("queuedMessages").GetInt64() == 1);
        counts.GetProperty("accepted").GetInt64().ShouldBe(0);
        (await ChecksAsync(ingest)).ShouldBe(["ingest", "lag", "rabbitmq", "redis"]);
    }

    [Fact]
    public async Task Ingest_accepts_without_a_store_and_its_operator_API_answers_503()
    {
        await using var ingest =
            Start(await NewSandboxAsync(), ("Role", "Ingest"), ("Mongo:Uri", "mongodb://127.0.0.1:1/unreachable"));

        await ingest.Client.AcceptedAsync(new Webhooks().Next());

        using var answer = await ingest.Client.Http.GetAsync("/v1/events-gateway/events/counts");
        answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.Headers.RetryAfter.ShouldNotBeNull();
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).Text("detail").ShouldStartWith("mongo: ");
        (await ChecksAsync(ingest)).ShouldBe(["ingest", "lag", "rabbitmq", "redis"]);
    }

    [Fact]
    public async Task Ingest_without_a_store_bounds_the_unmapped_requests_of_an_hour()
    {
        await using var ingest = Start(
            await NewSandboxAsync(), ("Role", "Ingest"), ("Mongo:Uri", "mongodb://127.0.0.1:1/unreachable"),
            ("Sources:courier:Preset", "token"), ("Sources:courier:Merchant", "m-1"),
            ("Sources:courier:Secrets:0:Id", "a"), ("Sources:courier:Secrets:0:Value", SourceSender.Token),
            ("Sources:courier:Verify:Signature", "{header.X-Token}"), ("Sources:courier:Map:Shipment", "$.shipment"),
            ("Sources:courier:Map:Type", "$.state"));
        var activity = ingest.Services.GetRequiredService<SourceLedger>().Of("courier");
        for (var i = 1; i < SourceActivity.MaxContainers; i++) activity.Kept(1);

        var statuses = new List<int>();
        foreach (var body in new[] { "first", "second" })
        {
            using var answer = await ingest.PostAsync("/v1/sources/courier", body);
            statuses.Add((int)answer.StatusCode);
        }

        statuses.ShouldBe([200, 503]);
    }

    [Fact]
    public async Task Worker_has_no_ingestion_endpoint()
    {
        await using var worker = Start(await NewSandboxAsync(), ("Role", "Worker"), ("Webhook:Secret", ""));

        using var answer = await worker.Client.PostSignedAsync(new Webhooks().Next());

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await ChecksAsync(worker)).ShouldBe(["lag", "mongodb", "queue-reader", "rabbitmq", "redis", "unrouted", "worker"]);
    }

    [Fact]
    public async Task Replay_requested_from_ingest_is_processed_by_the_worker()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        routing.Answer = (call, number) => number == 1
            ? Microsoft.AspNetCore.Http.Results.BadRequest()
            : FakeRoutingService.Routed(call);
        var sandbox = await NewSandboxAsync();
        await using var ingest = Start(sandbox, ("Role", "Ingest"));
        await using var worker = Start(sandbox, ("Role", "Worker"), ("Routing:Url", routing.Url), ("Processing:MaxRetries", "0"));
        var key = await ingest.Client.AcceptedAsync(new Webhooks().Next());
        await ingest.Client.StatusAsync(key, "failed");

        (await ingest.Client.ReplayAsync(new { keys = new[] { key } })).GetProperty("replayed").GetInt32().ShouldBe(1);

        (await worker.Client.StatusAsync(key, "processed")).GetProperty("generation").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task Pause_and_resume_at_one_process_are_followed_by_the_worker_of_another()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        var sandbox = await NewSandboxAsync();
        await using var ingest = Start(sandbox, ("Role", "Ingest"));
        await using var worker = Start(sandbox, ("Role", "Worker"), ("Routing:Url", routing.Url));
        (await ingest.Client.Http.PostAsJsonAsync("/v1/events-gateway/pauses", new { })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Until.TrueAsync(() => ReadinessAsync(worker), ready => IsPaused(JsonDocument.Parse(ready.Text).RootElement));

        var key = await ingest.Client.AcceptedAsync(new Webhooks().Next());

        await Until.TrueAsync(() => worker.Client.CountsAsync(), counts => counts.GetProperty("pending").GetInt64() == 1);
        routing.Calls.ShouldBeEmpty();
        (await ingest.Client.Http.DeleteAsync("/v1/events-gateway/pauses")).StatusCode.ShouldBe(HttpStatusCode.OK);
        await worker.Client.StatusAsync(key, "processed");

        static bool IsPaused(JsonElement ready) => ready.GetProperty("checks").GetProperty("worker")
            .Text("detail")?.StartsWith("routing is paused", StringComparison.Ordinal) == true;
    }

    private static async Task<(string, string)[]> NewSandboxAsync()
        => [.. (await Backends.SharedAsync()).NewSandbox().Select(setting => (setting.Key, setting.Value))];

    private static GatewayHost Start((string, string)[] sandbox, params (string, string)[] settings)
        => GatewayHost.Start([.. sandbox, .. settings]);

    private static async Task<IEnumerable<string>> ChecksAsync(GatewayHost host)
    {
        var ready = await Until.TrueAsync(() => ReadinessAsync(host), answer => answer.Status == HttpStatusCode.OK);
        return JsonDocument.Parse(ready.Text).RootElement.GetProperty("checks").EnumerateObject()
            .Select(check => check.Name).Order();
    }

    /// <summary>A process that starts is not ready yet.</summary>
    private static async Task<(HttpStatusCode Status, string Text)> ReadinessAsync(GatewayHost host)
    {
        using var answer = await host.Client.Http.GetAsync("/health/ready");
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
