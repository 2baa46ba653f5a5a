using Gateway.TestSupport.Servers;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>Killed: SIGKILL, then started again. Hangs: SIGSTOP until the gateway has noticed; connections stay open.</summary>
public enum Fault
{
    IngestKilled,
    WorkerKilled,
    RabbitMqKilled,
    RedisKilled,
    RedisKilledAndWiped,
    MongoDbKilled,
    RabbitMqHangs,
    RedisHangs,
    MongoDbHangs,
}

/// <summary>Faults under load. Other processes are not restarted, so that their recovery is tested.</summary>
internal static class Faults
{
    public static Task StrikeAsync(Drill drill, Load load, Fault fault)
    {
        var (rabbitMq, redis, mongo) = (drill.Backends.RabbitMq, drill.Backends.Redis, drill.Backends.Mongo);
        return fault switch
        {
            Fault.IngestKilled => KillAsync(load, load.IngestReplicas[drill.Random.Next(load.IngestReplicas.Count)]),
            Fault.WorkerKilled => KillAsync(load, load.Workers[drill.Random.Next(load.Workers.Count)]),
            Fault.RabbitMqKilled => KillAsync(load, rabbitMq, rabbitMq.StartAgainAsync),
            Fault.RedisKilled => KillAsync(load, redis, redis.StartAgainAsync),
            Fault.RedisKilledAndWiped => KillAsync(load, redis, redis.StartAgainEmptyAsync),
            Fault.MongoDbKilled => KillAsync(load, mongo, mongo.StartAgainAsync),
            Fault.RabbitMqHangs => HangAsync(rabbitMq, () => AnsweredWith503Async(load)),
            Fault.RedisHangs => HangAsync(redis, () => load.AcceptedAsync(200)),
            Fault.MongoDbHangs => HangAsync(mongo, () => KeptInTheQueueAsync(load)),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
        };
    }

    private static async Task KillAsync(Load load, Replica replica)
    {
        await replica.KillAsync();
        await load.TriedAsync(100);
        await replica.StartAsync();
    }

    private static async Task KillAsync(Load load, TestServer server, Func<Task> startAgain)
    {
        await server.KillAsync();
        await load.TriedAsync(100);
        await startAgain();
    }

    private static async Task HangAsync(TestServer server, Func<Task> noticed)
    {
        server.Pause();
        await noticed();
        server.Resume();
    }

    private static async Task AnsweredWith503Async(Load load)
    {
        await load.UnavailableAsync(8);
        await Task.WhenAll(load.IngestReplicas.Concat(load.Workers)
            .Select(replica => replica.NotReadyBecauseOfAsync("rabbitmq")));
    }

    /// <summary>Lasts longer than a lease.</summary>
    private static async Task KeptInTheQueueAsync(Load load)
    {
        await Task.WhenAll(load.Workers.Select(worker => worker.NotReadyBecauseOfAsync("mongo")));
        await load.AcceptedAsync(200);
    }
}
