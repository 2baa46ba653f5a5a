using Gateway.Host.Tests.CrashDrill;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>
/// Whatever the profile Distributed consists of is killed, or made to hang, under load, at moments drawn from a seed. Here all
/// of it once, in one deployment. The long drills, every fault alone too:
/// <c>GATEWAY_DRILL_ROUNDS=10 dotnet test tests/Host.Tests --filter-namespace "*FaultDrills" --explicit on</c>;
/// <c>GATEWAY_DRILL_SEED</c> repeats the draws of an earlier one.
/// </summary>
[Collection(FaultDrillCollection.Name)]
public sealed class FaultDrillTests(DrillBackends backends, ITestOutputHelper output)
{
    public static TheoryData<Fault> Each => [.. Enum.GetValues<Fault>()];

    [Fact]
    public Task Nothing_promised_is_lost_or_doubled_by_one_fault_after_another()
        => StrikeAsync(random =>
        {
            var all = Enum.GetValues<Fault>();
            random.Shuffle(all);
            return all;
        });

    [Theory(Explicit = true)]
    [MemberData(nameof(Each))]
    public Task Nothing_promised_is_lost_or_doubled_by_the_same_fault_again_and_again(Fault fault) => StrikeAsync(_ => [fault]);

    private Task StrikeAsync(Func<Random, IEnumerable<Fault>> faults) => Drill.RunAsync(backends, output, async drill =>
    {
        await using var load = await Load.StartAsync(drill);
        for (var round = 0; round < DrillSettings.Rounds(unlessSaid: 1); round++)
        {
            foreach (var fault in faults(drill.Random))
            {
                await load.GoOnAsync();
                drill.Say($"{fault}");
                await Faults.StrikeAsync(drill, load, fault);
            }
        }

        await load.GoOnAsync();
        drill.Say("settles");
        await load.ShouldAddUpAsync();
    });
}
