using Gateway.Host.Tests.CrashDrill;
using Gateway.TestSupport.Servers;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>
/// SIGKILL under load, at moments drawn from a seed, of whatever the profile Distributed consists of. All long drills:
/// <c>GATEWAY_DRILL_ROUNDS=10 dotnet test tests/Host.Tests --filter-namespace "*FaultDrills"</c>;
/// <c>GATEWAY_DRILL_SEED</c> repeats the draws of an earlier one.
/// </summary>
[Collection(FaultDrillCollection.Name)]
public sealed class FaultDrillTests(DrillEngines engines, ITestOutputHelper output)
{
    public enum Victim
    {
        Door,
        Worker,
        RabbitMq,
        Redis,
        RedisWithItsData,
        MongoDb,
    }

    [Theory]
    [InlineData(Victim.Door)]
    [InlineData(Victim.Worker)]
    [InlineData(Victim.RabbitMq)]
    [InlineData(Victim.Redis)]
    [InlineData(Victim.RedisWithItsData)]
    [InlineData(Victim.MongoDb)]
    public Task Nothing_promised_is_lost_or_doubled_however_often_it_is_killed(Victim victim) => KillAsync(_ => [victim]);

    [Fact]
    public Task Nothing_promised_is_lost_or_doubled_when_all_are_killed_one_after_another()
        => KillAsync(random =>
        {
            var all = Enum.GetValues<Victim>();
            random.Shuffle(all);
            return all;
        });

    private Task KillAsync(Func<Random, IEnumerable<Victim>> victims) => Drill.RunAsync(engines, output, async drill =>
    {
        await using var load = await Load.StartAsync(drill);
        for (var round = 0; round < DrillSettings.Rounds(unlessSaid: 1); round++)
        {
            foreach (var victim in victims(drill.Random))
            {
                await load.GoOnAsync();
                drill.Say($"{victim} is killed");
                await KillAsync(drill, load, victim);
            }
        }

        await load.GoOnAsync();
        drill.Say("all are there again");
        await load.ShouldAddUpAsync();
    });

    private static Task KillAsync(Drill drill, Load load, Victim victim) => victim switch
    {
        Victim.Door => ReplaceAsync(load, load.Doors[drill.Random.Next(load.Doors.Count)]),
        Victim.Worker => ReplaceAsync(load, load.Workers[drill.Random.Next(load.Workers.Count)]),
        Victim.RabbitMq => KillBrokerAsync(drill, load),
        Victim.Redis => KillAsync(load, drill.Engines.Redis, drill.Engines.Redis.StartAgainAsync),
        Victim.RedisWithItsData => KillAsync(load, drill.Engines.Redis, drill.Engines.Redis.StartAgainEmptyAsync),
        Victim.MongoDb => KillAsync(load, drill.Engines.Mongo, drill.Engines.Mongo.StartAgainAsync),
        _ => throw new ArgumentOutOfRangeException(nameof(victim), victim, null),
    };

    private static async Task ReplaceAsync(Load load, Replica replica)
    {
        await replica.KillAsync();
        await load.TriedAsync(100);
        await replica.StartAsync();
    }

    private static async Task KillBrokerAsync(Drill drill, Load load)
    {
        await drill.Engines.RabbitMq.SaveQueueNamesAsync();
        await KillAsync(load, drill.Engines.RabbitMq, drill.Engines.RabbitMq.StartAgainAsync);
    }

    private static async Task KillAsync(Load load, TestServer server, Func<Task> startAgain)
    {
        await server.KillAsync();
        await load.TriedAsync(100);
        await startAgain();
    }
}
