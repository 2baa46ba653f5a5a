using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.PurgeEvents.EndToEnd;

/// <summary>The sweep of a gateway that runs: what is set to become old at once does.</summary>
public sealed class RetentionTests
{
    private readonly Webhooks _webhooks = new();

    [Fact]
    public async Task A_processed_event_that_has_become_old_loses_its_body_and_counts_on()
    {
        await using var host = GatewayHost.Start(
            ("Retention:ProcessedAfter", "00:00:00"), ("Retention:Interval", "00:00:00.200"));
        var webhook = _webhooks.Next();
        var key = await host.Client.AcceptedAsync(webhook);

        var purged = await Until.TrueAsync(() => host.Client.EventAsync(key), e => e.GetProperty("bodyRemoved").GetBoolean());

        purged.Text("status").ShouldBe("processed");
        purged.Text("processedAt").ShouldNotBeNull();
        purged.Text("body").ShouldBeNull();
        (await host.Client.AcceptedAsync(webhook)).ShouldBe(key);
        var counts = await host.Client.SettledAsync();
        (counts.GetProperty("accepted").GetInt64(), counts.GetProperty("processed").GetInt64()).ShouldBe((1, 1));
    }

    [Fact]
    public async Task Where_retention_is_off_everything_stays()
    {
        await using var host = GatewayHost.Start(
            ("Retention:Enabled", "false"), ("Retention:ProcessedAfter", "00:00:00"), ("Retention:Interval", "00:00:00.100"));
        var key = await host.Client.AcceptedAsync(_webhooks.Next());
        await host.Client.StatusAsync(key, "processed");
        var later = await host.Client.AcceptedAsync(_webhooks.Next());
        await host.Client.StatusAsync(later, "processed");

        (await host.Client.EventAsync(key)).GetProperty("bodyRemoved").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Failed_events_never_become_old()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(
            ("Routing:Url", routing.Url), ("Processing:MaxRetries", "0"),
            ("Retention:ProcessedAfter", "00:00:00"), ("Retention:Interval", "00:00:00.100"));
        routing.Answer = (_, _) => Microsoft.AspNetCore.Http.Results.BadRequest();
        var failed = await host.Client.AcceptedAsync(_webhooks.Next());
        await host.Client.StatusAsync(failed, "failed");
        routing.Answer = (call, _) => FakeRoutingService.Routed(call);
        var processed = await host.Client.AcceptedAsync(_webhooks.Next());

        await Until.TrueAsync(() => host.Client.EventAsync(processed), e => e.GetProperty("bodyRemoved").GetBoolean());

        (await host.Client.EventAsync(failed)).Text("body").ShouldNotBeNullOrEmpty();
    }
}
