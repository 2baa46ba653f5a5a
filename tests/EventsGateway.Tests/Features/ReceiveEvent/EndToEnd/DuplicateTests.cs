using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Tests.Monitoring.EndToEnd;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;

public sealed class DuplicateTests
{
    [Fact]
    public async Task Duplicate_gets_the_same_202_and_only_a_header_marks_it()
    {
        await using var host = GatewayHost.Start();
        var webhook = new Webhooks().Next();
        using var first = await host.Client.PostSignedAsync(webhook);

        using var second = await host.Client.PostSignedAsync(webhook);

        ((int)second.StatusCode).ShouldBe(202);
        (await second.Content.ReadAsStringAsync()).ShouldBe(await first.Content.ReadAsStringAsync());
        second.Headers.Location.ShouldBe(first.Headers.Location);
        first.IsReplayed().ShouldBeFalse();
        if (GatewayHost.ReportsDuplicatesExactly) second.IsReplayed().ShouldBeTrue();
    }

    [Fact]
    public async Task Body_that_is_equal_as_JSON_is_a_duplicate_without_a_conflict()
    {
        await using var host = GatewayHost.Start();
        using var counted = new Counted(host);
        var body = new Webhooks().Next().ToBytes();
        using var first = await host.Client.PostSignedAsync(body);
        var members = JsonNode.Parse(body)!.AsObject().Reverse()
            .Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()));
        var reversed = new JsonObject(members).ToJsonString(new JsonSerializerOptions { WriteIndented = true });

        using var second = await host.Client.PostSignedAsync(Encoding.UTF8.GetBytes(reversed));

        if (GatewayHost.ReportsDuplicatesExactly) second.IsReplayed().ShouldBeTrue();
        second.Headers.Contains("Idempotency-Conflict").ShouldBeFalse();
        counted[GatewayMetrics.Conflicts].ShouldBe(0);
    }

    [Fact]
    public async Task First_body_under_a_key_stays()
    {
        await using var host = GatewayHost.Start();
        var webhook = new Webhooks().Next();
        var key = await host.Client.AcceptedAsync(webhook);

        using var other =
            await host.Client.PostSignedAsync(webhook with { MerchantId = "another", Payload = new { weight = 2 } });

        (await other.AcceptedKeyAsync()).ShouldBe(key);
        if (GatewayHost.ReportsDuplicatesExactly) other.Headers.GetValues("Idempotency-Conflict").ShouldBe(["true"]);
        if (GatewayHost.ReportsDuplicatesExactly) other.IsReplayed().ShouldBeTrue();
        var stored = await host.Client.EventAsync(key);
        stored.Text("body").ShouldBe(Encoding.UTF8.GetString(webhook.ToBytes()));
        stored.Text("merchantId").ShouldBe(webhook.MerchantId);
    }

    [Fact]
    public async Task Dropped_body_is_listed_with_the_rejected_requests_but_not_counted_as_one()
    {
        await using var host = GatewayHost.Start();
        using var counted = new Counted(host);
        var webhook = new Webhooks().Next();
        await host.Client.AcceptedAsync(webhook);
        var other = (webhook with { MerchantId = "another" }).ToBytes();
        using var answer = await host.Client.PostSignedAsync(other);

        var page = await Until.TrueAsync(
            () => host.Client.GetAsync($"{GatewayClient.BasePath}/rejections"),
            list => list.GetProperty("items").GetArrayLength() == 1);
        var item = page.GetProperty("items")[0];

        (item.GetProperty("status").GetInt32(), item.Text("reason"), item.Text("message"))
            .ShouldBe((202, "conflict", "accepted"));
        (item.Text("shippingCompanyId"), item.Text("eventId")).ShouldBe((webhook.ShippingCompanyId, webhook.EventId));
        (item.GetProperty("bodyBytes").GetInt32(), item.Text("bodySha256"))
            .ShouldBe((other.Length, Convert.ToHexStringLower(SHA256.HashData(other))));
        item.Text("hint").ShouldBe(
            "an event with this id was accepted before with another body, which stays; "
            + "a correction needs an event id of its own");
        (item.Text("remoteAddress"), item.GetProperty("headerNames").ValueKind).ShouldBe((null, JsonValueKind.Null));
        counted[GatewayMetrics.Conflicts].ShouldBe(1);
        counted[GatewayMetrics.Rejected].ShouldBe(0);
        var stored = await host.Client.EventAsync(await answer.AcceptedKeyAsync());
        string.CompareOrdinal(item.Text("at"), stored.Text("receivedAt")).ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task Duplicate_of_a_processed_event_has_no_effect()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        var webhook = new Webhooks().Next();
        var key = await host.Client.AcceptedAsync(webhook);
        var processed = await host.Client.StatusAsync(key, "processed");

        for (var i = 0; i < 40; i++) await host.Client.AcceptedAsync(webhook);
        // When another event is processed, the duplicates would have been processed, too.
        await host.Client.StatusAsync(await host.Client.AcceptedAsync(webhook with { EventId = "another" }), "processed");

        (await host.Client.EventAsync(key)).GetRawText().ShouldBe(processed.GetRawText());
        routing.CallsOf(key).Count().ShouldBe(1);
    }

    [Fact]
    public async Task Hundred_events_sent_twice_at_once_are_routed_once_each()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        var webhooks = new Webhooks().Take(100);

        var first = await Task.WhenAll(webhooks.Select(webhook => host.Client.PostSignedAsync(webhook)));
        var second = await Task.WhenAll(webhooks.Select(webhook => host.Client.PostSignedAsync(webhook)));

        first.ShouldAllBe(answer => (int)answer.StatusCode == 202 && !answer.IsReplayed());
        second.ShouldAllBe(answer => (int)answer.StatusCode == 202);
        second.ShouldAllBe(answer => answer.IsReplayed() || !GatewayHost.ReportsDuplicatesExactly);
        (await host.Client.SettledAsync()).GetProperty("processed").GetInt64().ShouldBe(100);
        routing.Calls.Select(call => call.IdempotencyKey).ShouldBeUnique();
        routing.Calls.Count.ShouldBe(100);
    }

    [Fact]
    public async Task Event_sent_a_hundred_times_at_once_is_new_exactly_once()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        var webhook = new Webhooks().Next();

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => host.Client.PostSignedAsync(webhook)));

        answers.ShouldAllBe(answer => (int)answer.StatusCode == 202);
        if (GatewayHost.ReportsDuplicatesExactly) answers.Count(answer => !answer.IsReplayed()).ShouldBe(1);
        (await host.Client.SettledAsync()).GetProperty("accepted").GetInt64().ShouldBe(1);
        routing.Calls.Count.ShouldBe(1);
    }
}
