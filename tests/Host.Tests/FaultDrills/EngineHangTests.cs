using Gateway.TestSupport.Servers;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>SIGSTOP under load: the engine keeps its connections and says nothing. Nobody waits for it without an end.</summary>
[Collection(FaultDrillCollection.Name)]
public sealed class EngineHangTests(DrillEngines engines, ITestOutputHelper output)
{
    [Fact]
    public Task A_broker_that_hangs_makes_the_door_answer_503_and_loses_nothing()
        => HangAsync(drill => drill.Engines.RabbitMq, async load =>
        {
            await load.RefusedAsync(8);
            await Task.WhenAll(load.Doors.Concat(load.Workers).Select(replica => replica.IllBecauseOfAsync("rabbitmq")));
        });

    [Fact]
    public Task A_store_that_hangs_keeps_the_door_open_and_loses_nothing()
        => HangAsync(drill => drill.Engines.Mongo, async load =>
        {
            await Task.WhenAll(load.Workers.Select(worker => worker.IllBecauseOfAsync("mongo")));
            await load.PromisedAsync(200);
        });

    [Fact]
    public Task A_cache_that_hangs_keeps_the_door_open_and_loses_nothing()
        => HangAsync(drill => drill.Engines.Redis, load => load.PromisedAsync(500));

    private Task HangAsync(Func<Drill, TestServer> engine, Func<Load, Task> isNoticed) => Drill.RunAsync(engines, output, async drill =>
    {
        await using var load = await Load.StartAsync(drill);
        await load.GoOnAsync();
        engine(drill).Pause();
        await isNoticed(load);
        engine(drill).Resume();
        await load.GoOnAsync();
        await load.ShouldAddUpAsync();
    });
}
