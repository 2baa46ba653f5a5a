using System.Net;
using Gateway.EventsGateway.Entities;
using Gateway.Host.Tests.CrashDrill;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>Processes that start before their backends do: alive, and in work by themselves once those are there.</summary>
[Collection(FaultDrillCollection.Name)]
public sealed class BackendDownAtStartTests(DrillBackends backends, ITestOutputHelper output)
{
    [Fact]
    public Task R4_R17_without_a_broker_the_door_says_why_it_answers_503() => DrillAsync(async (drill, webhook) =>
    {
        await drill.Backends.RabbitMq.StopAsync();
        var (door, worker, stub) = await StartAsync(drill);
        await using var _ = stub;

        await door.IllBecauseOfAsync("rabbitmq");
        await worker.IllBecauseOfAsync("rabbitmq");
        using (var answer = await door.Client.PostSignedAsync(webhook))
        {
            answer.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            answer.Headers.RetryAfter.ShouldNotBeNull();
        }

        await drill.Backends.RabbitMq.StartAgainAsync();
        await drill.ReadyAsync();
        await ProcessedAsync(door, worker, webhook);
    });

    [Fact]
    public Task Without_a_store_the_door_takes_events_and_the_worker_says_why_they_wait() => DrillAsync(async (drill, webhook) =>
    {
        await drill.Backends.Mongo.StopAsync();
        var (door, worker, stub) = await StartAsync(drill);
        await using var _ = stub;

        await worker.IllBecauseOfAsync("mongo");
        await door.ReadyAsync();
        await door.Client.AcceptedAsync(webhook);

        await drill.Backends.Mongo.StartAgainAsync();
        await drill.ReadyAsync();
        await ProcessedAsync(door, worker, webhook);
    });

    [Fact]
    public Task Without_a_cache_everything_works_and_repetitions_are_seen_once_it_is_there() => DrillAsync(async (drill, webhook) =>
    {
        await drill.Backends.Redis.StopAsync();
        var (door, worker, stub) = await StartAsync(drill);
        await using var _ = stub;

        await drill.ReadyAsync();
        foreach (var replica in new[] { door, worker })
        {
            (await replica.Client.GetAsync("/health/ready")).Text("status").ShouldBe("degraded");
            await replica.IllBecauseOfAsync("redis");
        }

        await ProcessedAsync(door, worker, webhook);

        await drill.Backends.Redis.StartAgainAsync();
        await Until.TrueAsync(
            async () =>
            {
                using var answer = await door.Client.PostSignedAsync(webhook);
                await answer.AcceptedKeyAsync();
                return answer.IsReplayed();
            },
            isReplayed => isReplayed);
        (await stub.RequestsAsync()).ShouldBe(1);
    });

    private Task DrillAsync(Func<Drill, Webhook, Task> story)
        => Drill.RunAsync(backends, output, drill => story(drill, new Webhooks(drill.Seed).Next()));

    private static async Task<(Replica Door, Replica Worker, RoutingStub Stub)> StartAsync(Drill drill)
    {
        var stub = await RoutingStub.StartAsync(delayMs: 0);
        return (await drill.DoorAsync(), await drill.WorkerAsync(stub.Url), stub);
    }

    private static async Task ProcessedAsync(Replica door, Replica worker, Webhook webhook)
    {
        var key = await door.Client.AcceptedAsync(webhook);
        var e = await worker.Client.StatusAsync(key, "processed");
        // A busy machine may interrupt one; what counts is that it took effect once.
        e.GetProperty("attempts").EnumerateArray().Count(attempt => attempt.Text("result") == "routed").ShouldBe(1);
    }
}
