using System.Text;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Integration.Door;

public sealed class DuplicateTests
{
    [Fact]
    public async Task A_duplicate_gets_the_same_202_and_says_so_in_a_header_only()
    {
        await using var host = GatewayHost.Start();
        var webhook = new Webhooks().Next();
        using var first = await host.Client.PostSignedAsync(webhook);

        using var second = await host.Client.PostSignedAsync(webhook);

        ((int)second.StatusCode).ShouldBe(202);
        (await second.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        second.Headers.Location.ShouldBe(first.Headers.Location);
        first.IsReplayed().ShouldBeFalse();
        if (GatewayHost.TellsDuplicatesExactly) second.IsReplayed().ShouldBeTrue();
    }

    [Fact]
    public async Task Of_two_bodies_under_one_key_the_first_stays()
    {
        await using var host = GatewayHost.Start();
        var webhook = new Webhooks().Next();
        var key = await host.Client.AcceptedAsync(webhook);

        using var other = await host.Client.PostSignedAsync(webhook with { MerchantId = "somebody else", Payload = new { weight = 2 } });

        (await other.AcceptedKeyAsync()).ShouldBe(key);
        if (GatewayHost.TellsDuplicatesExactly) other.IsReplayed().ShouldBeTrue();
        var stored = await host.Client.EventAsync(key);
        stored.Text("body").ShouldBe(Encoding.UTF8.GetString(webhook.ToBytes()));
        stored.Text("merchantId").ShouldBe(webhook.MerchantId);
    }

    [Fact]
    public async Task A_duplicate_of_a_processed_event_stays_without_effect()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        var webhook = new Webhooks().Next();
        var key = await host.Client.AcceptedAsync(webhook);
        var processed = await host.Client.StatusAsync(key, "processed");

        for (var i = 0; i < 40; i++) await host.Client.AcceptedAsync(webhook);
        // Another event that goes all the way: by then the duplicates would have been worked on, too.
        await host.Client.StatusAsync(await host.Client.AcceptedAsync(webhook with { EventId = "another" }), "processed");

        (await host.Client.EventAsync(key)).GetRawText().ShouldBe(processed.GetRawText());
        routing.CallsOf(key).Count().ShouldBe(1);
    }

    [Fact]
    public async Task A_hundred_events_sent_twice_at_once_are_routed_once_each()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        var webhooks = new Webhooks().Take(100);

        var first = await Task.WhenAll(webhooks.Select(webhook => host.Client.PostSignedAsync(webhook)));
        var second = await Task.WhenAll(webhooks.Select(webhook => host.Client.PostSignedAsync(webhook)));

        first.ShouldAllBe(answer => (int)answer.StatusCode == 202 && !answer.IsReplayed());
        second.ShouldAllBe(answer => (int)answer.StatusCode == 202 && (answer.IsReplayed() || !GatewayHost.TellsDuplicatesExactly));
        (await host.Client.SettledAsync()).GetProperty("processed").GetInt64().ShouldBe(100);
        routing.Calls.Select(call => call.IdempotencyKey).ShouldBeUnique();
        routing.Calls.Count.ShouldBe(100);
    }

    [Fact]
    public async Task One_event_sent_a_hundred_times_at_once_is_new_exactly_once()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        var webhook = new Webhooks().Next();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => host.Client.PostSignedAsync(webhook)));

        answers.ShouldAllBe(answer => (int)answer.StatusCode == 202);
        if (GatewayHost.TellsDuplicatesExactly) answers.Count(answer => !answer.IsReplayed()).ShouldBe(1);
        (await host.Client.SettledAsync()).GetProperty("accepted").GetInt64().ShouldBe(1);
        routing.Calls.Count.ShouldBe(1);
    }
}
