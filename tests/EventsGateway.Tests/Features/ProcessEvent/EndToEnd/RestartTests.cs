using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent.EndToEnd;

public sealed class RestartTests
{
    [Fact]
    public async Task Retry_keeps_its_due_time_and_its_history_across_a_restart()
    {
        await using var gateway = await RoutedGateway.StartAsync(
            ("Processing:RetryBase", "00:10:00"), ("Processing:RetryCap", "00:10:00"));
        gateway.Routing.Answer = (_, _) => Results.StatusCode(500);
        var key = (await gateway.AcceptedAsync(1)).Single();
        var before = await Until.TrueAsync(
            () => gateway.Client.EventAsync(key), e => e.GetProperty("attempts").GetArrayLength() == 1);

        await gateway.RestartAsync();
        // Another event that goes as far: by then the first one would have been tried again if it were due.
        await Until.TrueAsync(() => gateway.Client.CountsAsync(), counts => counts.GetProperty("pending").GetInt64() == 1);
        await gateway.AcceptedAsync(1);
        await Until.TrueAsync(() => gateway.Routing.Calls.Count == 2);

        (await gateway.Client.EventAsync(key)).GetRawText().ShouldBe(before.GetRawText());
        gateway.Routing.CallsOf(key).Count().ShouldBe(1);
    }

    [Fact]
    public async Task Pending_events_are_processed_after_a_restart()
    {
        await using var gateway = await RoutedGateway.StartAsync(("Processing:MaxRetries", "1000"));
        await gateway.Routing.GoDownAsync();
        var keys = await gateway.AcceptedAsync(30);

        await gateway.RestartAsync();
        (await gateway.Client.CountsAsync()).GetProperty("pending").GetInt64().ShouldBe(30);
        await gateway.Routing.ComeUpAsync();

        (await gateway.Client.SettledAsync()).GetProperty("processed").GetInt64().ShouldBe(30);
        gateway.Routing.Calls.Select(call => call.IdempotencyKey).ShouldBe(keys, ignoreOrder: true);
    }

    [Fact]
    [Trait("Defect", "R7")]
    public async Task Duplicate_is_known_after_a_restart()
    {
        await using var gateway = await RoutedGateway.StartAsync();
        var webhook = gateway.Webhooks.Next();
        var key = await gateway.Client.AcceptedAsync(webhook);
        await gateway.Client.StatusAsync(key, "processed");

        await gateway.RestartAsync();
        using var again = await gateway.Client.PostSignedAsync(webhook);

        (await again.AcceptedKeyAsync()).ShouldBe(key);
        if (GatewayHost.ReportsDuplicatesExactly) again.IsReplayed().ShouldBeTrue();
        await gateway.Client.StatusAsync((await gateway.AcceptedAsync(1)).Single(), "processed");
        gateway.Routing.CallsOf(key).Count().ShouldBe(1);
    }

    [Fact]
    [Trait("Defect", "R16")]
    public async Task Stop_releases_events_in_flight_and_the_next_start_processes_them()
    {
        var release = new TaskCompletionSource();
        await using var gateway = await RoutedGateway.StartAsync();
        gateway.Routing.Answer = (call, _) => FakeRoutingService.HeldBack(release.Task, FakeRoutingService.Routed(call));
        var keys = await gateway.AcceptedAsync(20);
        await Until.TrueAsync(() => gateway.Routing.Calls.Count == 20);

        // The routing service never answers: that this returns is the point.
        await gateway.Host.StopAsync();
        gateway.StartAgain();

        foreach (var key in keys)
        {
            var e = await gateway.Client.EventAsync(key);
            (e.Text("status"), e.GetProperty("abandonedAttempts").GetInt32()).ShouldBe(("pending", 0));
            e.History().ShouldBe([(1, 1, "abandoned")]);
        }

        (await gateway.Client.EventsAsync()).ShouldAllBe(e => e.GetProperty("attempts").GetInt32() == 0);
        release.SetResult();
        (await gateway.Client.SettledAsync()).GetProperty("processed").GetInt64().ShouldBe(20);
        gateway.Routing.Calls.GroupBy(call => call.IdempotencyKey).Select(calls => calls.Count())
            .ShouldBe(Enumerable.Repeat(2, 20));
    }

    [Fact]
    public async Task Stop_lets_events_in_flight_finish()
    {
        var release = new TaskCompletionSource();
        await using var gateway = await RoutedGateway.StartAsync(
            ("Processing:StopGrace", "00:01:00"), ("App:StopWithin", "00:02:00"));
        gateway.Routing.Answer = (call, _) => FakeRoutingService.HeldBack(release.Task, FakeRoutingService.Routed(call));
        var key = (await gateway.AcceptedAsync(1)).Single();
        await Until.TrueAsync(() => gateway.Routing.Calls.Count == 1);

        var stop = gateway.Host.StopAsync();
        release.SetResult();
        await stop;
        gateway.StartAgain();

        (await gateway.Client.EventAsync(key)).Text("status").ShouldBe("processed");
        gateway.Routing.Calls.Count.ShouldBe(1);
    }
}
