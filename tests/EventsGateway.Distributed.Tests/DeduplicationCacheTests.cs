using Gateway.TestSupport;
using Gateway.TestSupport.Servers;

namespace Gateway.EventsGateway.Distributed.Tests;

/// <summary>The deduplication cache saves work; correctness does not depend on it.</summary>
public sealed class DeduplicationCacheTests
{
    [Fact]
    public async Task Duplicate_is_reported_once_the_cache_knows_the_event()
    {
        await using var host = GatewayHost.Start();
        var webhook = new Webhooks().Next();
        await host.Client.AcceptedAsync(webhook);

        await Until.TrueAsync(() => host.Client.PostSignedAsync(webhook), answer => answer.IsReplayed());
    }

    [Fact]
    public async Task Duplicate_is_reported_by_another_ingest_process()
    {
        var sandbox = (await Backends.SharedAsync()).NewSandbox().Select(setting => (setting.Key, setting.Value)).ToArray();
        await using var first = GatewayHost.Start(sandbox);
        await using var second = GatewayHost.Start([.. sandbox, ("Role", "Ingest")]);
        var webhook = new Webhooks().Next();
        await first.Client.AcceptedAsync(webhook);

        await Until.TrueAsync(() => second.Client.PostSignedAsync(webhook), answer => answer.IsReplayed());
    }

    [Fact]
    public async Task Unreachable_redis_lets_duplicates_in_which_take_effect_once()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Redis:Port", "1"), ("Routing:Url", routing.Url));
        var webhooks = new Webhooks().Take(20);

        for (var round = 0; round < 3; round++)
            await Task.WhenAll(webhooks.Select(webhook => host.Client.AcceptedAsync(webhook)));

        var counts = await Until.TrueAsync(
            () => host.Client.SettledAsync(), counts => counts.GetProperty("queuedMessages").GetInt64() == 0);
        counts.GetProperty("processed").GetInt64().ShouldBe(webhooks.Count);
        routing.Calls.Select(call => call.IdempotencyKey).ShouldBeUnique();
    }

    [Fact]
    public async Task Cleared_keys_pass_ingest_and_are_duplicates_in_the_store()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        var webhook = new Webhooks().Next();
        var key = await host.Client.AcceptedAsync(webhook);
        await Until.TrueAsync(() => host.Client.PostSignedAsync(webhook), answer => answer.IsReplayed());

        using var cleared = await host.Client.Http.DeleteAsync("/v1/events-gateway/deduplication-cache");

        (await cleared.Content.ReadAsStringAsync()).ShouldBe("""{"cleared":1}""");
        using var again = await host.Client.PostSignedAsync(webhook);
        again.IsReplayed().ShouldBeFalse();
        await host.Client.StatusAsync(await host.Client.AcceptedAsync(webhook with { EventId = "another" }), "processed");
        await host.Client.StatusAsync(key, "processed");
        routing.CallsOf(key).Count().ShouldBe(1);
    }
}
