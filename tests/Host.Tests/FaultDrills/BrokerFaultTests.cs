using System.Net;
using Gateway.Host.Tests.CrashDrill;
using Gateway.TestSupport;
using RabbitMQ.Client;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>What a broker that lives can do to its clients.</summary>
[Collection(FaultDrillCollection.Name)]
public sealed class BrokerFaultTests(DrillBackends backends, ITestOutputHelper output)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task A_queue_deleted_while_it_is_empty_takes_no_promise_with_it(bool workerRuns) => DrillAsync(async (drill, bench) =>
    {
        var worker = await drill.WorkerAsync(bench.Stub.Url);
        await drill.ReadyAsync();
        // The door has a channel that knows the queue, and the queue is empty again.
        var first = (await bench.PostAsync(1)).Single();
        await worker.Client.StatusAsync(first!, "processed");
        if (!workerRuns) (await worker.Process.StopAsync()).ShouldBe(0);

        await DeleteQueueAsync(drill);
        var promised = new List<string?>();
        await Until.TrueAsync(() => bench.PostAsync(20), keys =>
        {
            promised.AddRange(keys);
            return !keys.Contains(null);
        });

        if (!workerRuns) await worker.StartAsync();
        await drill.ReadyAsync();
        await ProcessedAsync(worker, promised.OfType<string>());
        drill.Say($"{promised.Count(key => key is not null)} of {promised.Count} events promised");
    });

    [Fact]
    public Task A_blocked_connection_makes_the_door_answer_503_while_a_worker_goes_on() => DrillAsync(async (drill, bench) =>
    {
        var queued = await bench.PostAsync(40);
        queued.ShouldNotContain((string?)null);

        await drill.Backends.RabbitMq.SetMemoryAlarmAsync(true);
        try
        {
            await Until.TrueAsync(() => bench.PostAsync(1), keys => keys.Single() is null);
            await bench.Door.IllBecauseOfAsync("rabbitmq");
            await ProcessedAsync(await drill.WorkerAsync(bench.Stub.Url), queued!);
            (await bench.PostAsync(1)).Single().ShouldBeNull("the alarm is over already");
        }
        finally
        {
            await drill.Backends.RabbitMq.SetMemoryAlarmAsync(false);
        }

        await drill.ReadyAsync();
        (await bench.PostAsync(40)).ShouldNotContain((string?)null);
    });

    private Task DrillAsync(Func<Drill, Bench, Task> story) => Drill.RunAsync(backends, output, async drill =>
    {
        await using var stub = await RoutingStub.StartAsync(delayMs: 0);
        var door = await drill.DoorAsync();
        await drill.ReadyAsync();
        await story(drill, new Bench(stub, door, new Webhooks(drill.Seed)));
    });

    private static async Task DeleteQueueAsync(Drill drill)
    {
        await using var connection = await new ConnectionFactory { Uri = drill.Backends.RabbitMq.Url }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        (await channel.MessageCountAsync(drill.Sandbox["RabbitMq:Queue"])).ShouldBe(0u);
        await channel.QueueDeleteAsync(drill.Sandbox["RabbitMq:Queue"]);
    }

    private static async Task ProcessedAsync(Replica worker, IEnumerable<string> keys)
    {
        foreach (var key in keys) await worker.Client.StatusAsync(key, "processed");
    }

    private sealed record Bench(RoutingStub Stub, Replica Door, Webhooks Webhooks)
    {
        /// <summary>New events, all at once: their keys, null for one that was answered 503.</summary>
        public Task<string?[]> PostAsync(int count) => Task.WhenAll(Webhooks.Take(count).Select(async webhook =>
        {
            using var answer = await Door.Client.PostSignedAsync(webhook);
            return answer.StatusCode == HttpStatusCode.ServiceUnavailable ? null : await answer.AcceptedKeyAsync();
        }));
    }
}
