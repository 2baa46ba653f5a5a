using System.Net;
using Gateway.Host.Tests.CrashDrill;
using Gateway.TestSupport;
using RabbitMQ.Client;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>Faults of a running broker.</summary>
[Collection(FaultDrillCollection.Name)]
public sealed class BrokerFaultTests(DrillBackends backends, ITestOutputHelper output)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Deleted_empty_queue_loses_no_accepted_event(bool workerRuns) => DrillAsync(async (drill, fixture) =>
    {
        var worker = await drill.WorkerAsync(fixture.Stub.Url);
        await drill.ReadyAsync();
        // Ingest has a channel that knows the queue, and the queue is empty again.
        var first = (await fixture.PostAsync(1)).Single();
        await worker.Client.StatusAsync(first!, "processed");
        if (!workerRuns) (await worker.Process.StopAsync()).ShouldBe(0);

        await DeleteQueueAsync(drill);
        var accepted = new List<string?>();
        await Until.TrueAsync(() => fixture.PostAsync(20), keys =>
        {
            accepted.AddRange(keys);
            return !keys.Contains(null);
        });

        if (!workerRuns) await worker.StartAsync();
        await drill.ReadyAsync();
        await ProcessedAsync(worker, accepted.OfType<string>());
        drill.Report($"{accepted.Count(key => key is not null)} of {accepted.Count} events accepted");
    });

    [Fact]
    public Task Blocked_connection_makes_ingest_answer_503_while_the_worker_continues() => DrillAsync(async (drill, fixture) =>
    {
        var queued = await AcceptedAsync(fixture);

        await drill.Backends.RabbitMq.SetMemoryAlarmAsync(true);
        try
        {
            await Until.TrueAsync(() => fixture.PostAsync(1), keys => keys.Single() is null);
            await fixture.Ingest.NotReadyBecauseOfAsync("rabbitmq");
            await ProcessedAsync(await drill.WorkerAsync(fixture.Stub.Url), queued!);
            (await fixture.PostAsync(1)).Single().ShouldBeNull("the alarm has ended");
        }
        finally
        {
            await drill.Backends.RabbitMq.SetMemoryAlarmAsync(false);
        }

        await drill.ReadyAsync();
        await AcceptedAsync(fixture);
    });

    private Task DrillAsync(Func<Drill, Fixture, Task> drillSteps) => Drill.RunAsync(backends, output, async drill =>
    {
        await using var stub = await RoutingStub.StartAsync(delayMs: 0);
        var ingest = await drill.IngestAsync();
        await drill.ReadyAsync();
        await drillSteps(drill, new Fixture(stub, ingest, new Webhooks(drill.Seed)));
    });

    private static async Task DeleteQueueAsync(Drill drill)
    {
        await using var connection = await new ConnectionFactory { Uri = drill.Backends.RabbitMq.Url }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        (await channel.MessageCountAsync(drill.Sandbox["RabbitMq:Queue"])).ShouldBe(0u);
        await channel.QueueDeleteAsync(drill.Sandbox["RabbitMq:Queue"]);
    }

    /// <summary>A busy broker may cause an answer 503; those of the same group come with it.</summary>
    private static Task<string?[]> AcceptedAsync(Fixture fixture)
        => Until.TrueAsync(() => fixture.PostAsync(40), keys => !keys.Contains(null));

    private static async Task ProcessedAsync(Replica worker, IEnumerable<string> keys)
    {
        foreach (var key in keys) await worker.Client.StatusAsync(key, "processed");
    }

    private sealed record Fixture(RoutingStub Stub, Replica Ingest, Webhooks Webhooks)
    {
        /// <summary>Posts new events in parallel; returns their keys, null for an event that was answered 503.</summary>
        public Task<string?[]> PostAsync(int count) => Task.WhenAll(Webhooks.Take(count).Select(async webhook =>
        {
            using var answer = await Ingest.Client.PostSignedAsync(webhook);
            return answer.StatusCode == HttpStatusCode.ServiceUnavailable ? null : await answer.AcceptedKeyAsync();
        }));
    }
}
