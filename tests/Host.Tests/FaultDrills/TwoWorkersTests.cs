using Gateway.Host.Tests.CrashDrill;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.FaultDrills;

/// <summary>A claim belongs to one worker. Each worker has its own routing service here, which shows what it routed.</summary>
[Collection(FaultDrillCollection.Name)]
public sealed class TwoWorkersTests(DrillBackends backends, ITestOutputHelper output)
{
    private const int Events = 1000;

    [Fact]
    public Task Two_workers_share_the_work_and_no_event_is_routed_by_both() => Drill.RunAsync(backends, output, async drill =>
    {
        drill.Settings.AddRange(Drill.LongDeadlines);
        await using var first = await RoutingStub.StartAsync(delayMs: 100);
        await using var second = await RoutingStub.StartAsync(delayMs: 100);
        var ingest = await drill.IngestAsync();
        // With the default time-outs: on a slow machine short ones would cause a second call.
        var worker = await drill.WorkerAsync(first.Url, hasShortTimeouts: false);
        await drill.WorkerAsync(second.Url, hasShortTimeouts: false);
        await drill.ReadyAsync();

        var keys = await Task.WhenAll(new Webhooks(drill.Seed).Take(Events).Select(ingest.Client.AcceptedAsync));
        await worker.Client.SettledAsync();

        var (byFirst, bySecond) = (await first.KeysAsync(), await second.KeysAsync());
        byFirst.Keys.Intersect(bySecond.Keys).ShouldBeEmpty("routed by both");
        keys.Except(byFirst.Keys).Except(bySecond.Keys).ShouldBeEmpty("not routed");
        byFirst.Concat(bySecond).Where(route => route.Value.Answers > 1).ShouldBeEmpty("routed twice");
        byFirst.ShouldNotBeEmpty();
        bySecond.ShouldNotBeEmpty();
        drill.Report($"{Events} events, {byFirst.Count} routed by one worker, {bySecond.Count} by the other");
    });
}
