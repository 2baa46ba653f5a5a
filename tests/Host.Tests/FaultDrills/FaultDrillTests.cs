using Gateway.Host.Tests.CrashDrill;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>
/// Every process and backend of the profile Distributed is killed or paused under load, at random moments from a seed: here
/// once each, in one deployment. The long drills, which also repeat each fault:
/// <c>GATEWAY_DRILL_ROUNDS=10 dotnet test tests/Host.Tests --filter-namespace "*FaultDrills" --explicit on</c>;
/// <c>GATEWAY_DRILL_SEED</c> repeats an earlier drill.
/// </summary>
[Collection(FaultDrillCollection.Name)]
public sealed class FaultDrillTests(DrillBackends backends, ITestOutputHelper output)
{
    public static TheoryData<Fault> Each => [.. Enum.GetValues<Fault>()];

    [Fact]
    public Task Different_faults_lose_and_repeat_no_accepted_event()
        => StrikeAsync(random =>
        {
            var all = Enum.GetValues<Fault>();
            random.Shuffle(all);
            return all;
        });

    [Theory(Explicit = true)]
    [MemberData(nameof(Each))]
    public Task Repeated_fault_loses_and_repeats_no_accepted_event(Fault fault) => StrikeAsync(_ => [fault]);

    private Task StrikeAsync(Func<Random, IEnumerable<Fault>> faults) => Drill.RunAsync(backends, output, async drill =>
    {
        await using var load = await Load.StartAsync(drill);
        for (var round = 0; round < DrillSettings.Rounds(byDefault: 1); round++)
        {
            foreach (var fault in faults(drill.Random))
            {
                await load.ContinueAsync();
                drill.Report($"{fault}");
                await Faults.StrikeAsync(drill, load, fault);
            }
        }

        await load.ContinueAsync();
        drill.Report("waits until no event is pending");
        await load.ShouldAddUpAsync();
    });
}
