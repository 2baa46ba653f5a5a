using Gateway.Host.Tests.CrashDrill;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>The claim keeps workers apart. Each has a routing service of its own here, so that it is known who routed what.</summary>
[Collection(FaultDrillCollection.Name)]
public sealed class TwoWorkersTests(DrillBackends backends, ITestOutputHelper output)
{
    private const int Events = 1000;

    [Fact]
    public Task Two_workers_share_the_work_and_no_event_is_routed_by_both() => Drill.RunAsync(backends, output, async drill =>
    {
        await using var first = await RoutingStub.StartAsync(delayMs: 100);
        await using var second = await RoutingStub.StartAsync(delayMs: 100);
        var door = await drill.DoorAsync();
        // With the product's time-outs: a slow machine is no reason to route anything twice.
        var worker = await drill.WorkerAsync(first.Url, isHurried: false);
        await drill.WorkerAsync(second.Url, isHurried: false);
        await drill.ReadyAsync();

        var keys = await Task.WhenAll(new Webhooks(drill.Seed).Take(Events).Select(door.Client.AcceptedAsync));
        await worker.Client.SettledAsync();

        var (byFirst, bySecond) = (await first.KeysAsync(), await second.KeysAsync());
        byFirst.Keys.Intersect(bySecond.Keys).ShouldBeEmpty("routed by both");
        keys.Except(byFirst.Keys).Except(bySecond.Keys).ShouldBeEmpty("routed by none");
        byFirst.Concat(bySecond).Where(route => route.Value.Answers > 1).ShouldBeEmpty("routed twice");
        byFirst.ShouldNotBeEmpty();
        bySecond.ShouldNotBeEmpty();
        drill.Say($"{Events} events, {byFirst.Count} routed by one worker, {bySecond.Count} by the other");
    });
}
