using System.Net;
using Gateway.Host.Tests.CrashDrill;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>Processes that start before their backends: they are alive, and work once the backends are available.</summary>
[Collection(FaultDrillCollection.Name)]
public sealed class BackendDownAtStartTests(DrillBackends backends, ITestOutputHelper output)
{
    [Fact]
    [Trait("Defect", "R4")]
    [Trait("Defect", "R17")]
    public Task Missing_broker_at_start_is_reported_with_503_until_it_is_available() => DrillAsync(async (drill, webhook) =>
    {
        await drill.Backends.RabbitMq.StopAsync();
        var (ingest, worker, stub) = await StartAsync(drill);
        await using var _ = stub;

        await ingest.NotReadyBecauseOfAsync("rabbitmq");
        await worker.NotReadyBecauseOfAsync("rabbitmq");
        using (var answer = await ingest.Client.PostSignedAsync(webhook))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }

        await drill.Backends.RabbitMq.StartAgainAsync();
        await drill.ReadyAsync();
        await ProcessedAsync(ingest, worker, webhook);
    });

    [Fact]
    public Task Missing_store_at_start_does_not_block_ingest_and_the_worker_reports_it() => DrillAsync(async (drill, webhook) =>
    {
        await drill.Backends.Mongo.StopAsync();
        var (ingest, worker, stub) = await StartAsync(drill);
        await using var _ = stub;

        await worker.NotReadyBecauseOfAsync("mongo");
        await ingest.ReadyAsync();
        await ingest.Client.AcceptedAsync(webhook);

        await drill.Backends.Mongo.StartAgainAsync();
        await drill.ReadyAsync();
        await ProcessedAsync(ingest, worker, webhook);
    });

    [Fact]
    public Task Missing_cache_at_start_blocks_neither_ingest_nor_worker() => DrillAsync(async (drill, webhook) =>
    {
        await drill.Backends.Redis.StopAsync();
        var (ingest, worker, stub) = await StartAsync(drill);
        await using var _ = stub;

        await drill.ReadyAsync();
        foreach (var replica in new[] { ingest, worker })
        {
            (await replica.Client.GetAsync("/health/ready")).Text("status").ShouldBe("degraded");
            await replica.NotReadyBecauseOfAsync("redis");
        }

        await ProcessedAsync(ingest, worker, webhook);

        var calls = await stub.RequestsAsync();
        await drill.Backends.Redis.StartAgainAsync();
        await Until.TrueAsync(
            async () =>
            {
                using var answer = await ingest.Client.PostSignedAsync(webhook);
                await answer.AcceptedKeyAsync();
                return answer.IsReplayed();
            },
            isReplayed => isReplayed);
        (await stub.RequestsAsync()).ShouldBe(calls);
    });

    private Task DrillAsync(Func<Drill, Webhook, Task> drillSteps)
        => Drill.RunAsync(backends, output, drill =>
        {
            drill.Settings.AddRange(Drill.LongDeadlines);
            return drillSteps(drill, new Webhooks(drill.Seed).Next());
        });

    private static async Task<(Replica Ingest, Replica Worker, RoutingStub Stub)> StartAsync(Drill drill)
    {
        var stub = await RoutingStub.StartAsync(delayMs: 0);
        return (await drill.IngestAsync(), await drill.WorkerAsync(stub.Url), stub);
    }

    private static async Task ProcessedAsync(Replica ingest, Replica worker, Webhook webhook)
    {
        var key = await ingest.Client.AcceptedAsync(webhook);
        var e = await worker.Client.StatusAsync(key, "processed");
        // On a busy machine an attempt may be abandoned; the event must be routed once.
        e.GetProperty("attempts").EnumerateArray().Count(attempt => attempt.Text("result") == "routed").ShouldBe(1);
    }
}
