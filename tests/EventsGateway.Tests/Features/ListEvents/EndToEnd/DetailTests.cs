using System.Text;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Tests.Features.ListEvents.EndToEnd;

public sealed class DetailTests
{
    private static readonly string[] InBoth =
    [
        "key", "eventId", "shippingCompanyId", "merchantId", "source", "shipmentId", "type", "status", "outcome",
        "occurredAt", "receivedAt", "implausibleTime", "processedAt", "attempts", "dueAt", "routeId", "lastError", "generation",
        "bodyRemoved",
    ];

    [Fact]
    [Trait("Defect", "S1")]
    public async Task Detail_shows_the_body_headers_and_attempts_of_an_event()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        var webhook = new Webhooks().Next();
        var key = await host.Client.AcceptedAsync(webhook);

        var e = await host.Client.StatusAsync(key, "processed");

        e.Text("key").ShouldBe(key);
        e.Text("eventId").ShouldBe(webhook.EventId);
        e.Text("shippingCompanyId").ShouldBe(webhook.ShippingCompanyId);
        e.Text("merchantId").ShouldBe(webhook.MerchantId);
        e.Text("shipmentId").ShouldBe(webhook.ShipmentId);
        e.Text("type").ShouldBe(webhook.Type);
        (e.Text("source"), e.Text("secretId")).ShouldBe(("gateway", "default"));
        e.Text("occurredAt").ShouldBe(webhook.OccurredAt);
        e.Text("body").ShouldBe(Encoding.UTF8.GetString(webhook.ToBytes()));
        e.Text("outcome").ShouldBe("routed");
        e.Text("routeId").ShouldBe($"RoID-{key}");
        e.Text("lastError").ShouldBeNull();
        e.Text("dueAt").ShouldBeNull();
        e.GetProperty("inWork").GetBoolean().ShouldBeFalse();
        e.Text("requeuedAt")!.ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z");
        e.GetProperty("generation").GetInt32().ShouldBe(1);
        var attempt = e.GetProperty("attempts").EnumerateArray().ShouldHaveSingleItem();
        (attempt.GetProperty("number").GetInt32(), attempt.Text("result")).ShouldBe((1, "routed"));
        string.CompareOrdinal(e.Text("receivedAt"), e.Text("processedAt")).ShouldBeLessThanOrEqualTo(0);
    }

    [Fact]
    [Trait("Defect", "S2")]
    public async Task Pending_event_has_no_processedAt()
    {
        var never = new TaskCompletionSource();
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url), ("Processing:StopGrace", "00:00:00"));
        routing.Answer = (call, _) => FakeRoutingService.HeldBack(never.Task, FakeRoutingService.Routed(call));
        var key = await host.Client.AcceptedAsync(new Webhooks().Next());
        await Until.TrueAsync(() => routing.Calls.Count == 1);

        var e = await host.Client.EventAsync(key);

        (e.Text("status"), e.Text("processedAt"), e.Text("outcome")).ShouldBe(("pending", null, null));
        e.Text("dueAt").ShouldNotBeNull();
        e.GetProperty("inWork").GetBoolean().ShouldBeTrue();
        e.GetProperty("attempts").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task List_and_detail_have_the_documented_members()
    {
        await using var host = GatewayHost.Start();
        var key = await host.Client.AcceptedAsync(new Webhooks().Next());
        await host.Client.SettledAsync();

        var listed = (await host.Client.EventsAsync()).ShouldHaveSingleItem();
        var detail = await host.Client.EventAsync(key);

        Members(listed).ShouldBe(InBoth, ignoreOrder: true);
        Members(detail).ShouldBe([.. InBoth, "body", "routingRequest", "headers", "traceparent", "requestId", "abandonedAttempts",
            "firstAttemptAt", "firstFailedAt", "tries", "requeuedAt", "requeuedBy", "dismissedAt", "dismissedBy", "inWork",
            "tombstone", "replayable", "secretId", "itemIndex", "requestDigest"], ignoreOrder: true);
        listed.GetProperty("attempts").GetInt32().ShouldBe(1);
        detail.GetProperty("attempts").GetArrayLength().ShouldBe(1);
    }

    [Theory]
    [InlineData("dhl.unknown")]
    [InlineData("no-dot")]
    [InlineData("a.b.c")]
    [InlineData("dhl._zz")]
    [InlineData("dhl._")]
    [InlineData("dhl._61")]
    [InlineData("dhl._C3_A9")]
    [InlineData("dhl._c3")]
    [InlineData(".x")]
    [InlineData("dhl.%F0%9F%9A%9A")]
    public async Task Unknown_key_is_answered_404(string key)
    {
        await using var host = GatewayHost.Start();
        await host.Client.AcceptedAsync(new Webhooks().Next() with { ShippingCompanyId = "dhl", EventId = "a" });
        await host.Client.AcceptedAsync(new Webhooks().Next() with { ShippingCompanyId = "dhl", EventId = "é" });

        (await host.Client.RejectedAsync(new(HttpMethod.Get, $"{GatewayClient.BasePath}/events/{key}"))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Event_id_instead_of_a_key_is_answered_404_with_an_explanation()
    {
        await using var host = GatewayHost.Start();

        (await Message("evt-1"))
            .ShouldBe("There is no event evt-1: a key is its shippingCompanyId and its eventId, escaped and separated by a dot");
        (await Message("dhl.evt-1")).ShouldBe("There is no event dhl.evt-1");

        async Task<string?> Message(string key) => (await host.Client.RejectedAsync(
            new(HttpMethod.Get, $"{GatewayClient.BasePath}/events/{key}"))).Problem.Text("message");
    }

    [Fact]
    public async Task Counts_equal_the_listed_events()
    {
        var never = new TaskCompletionSource();
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(
            ("Routing:Url", routing.Url), ("Processing:MaxRetries", "0"), ("Processing:StopGrace", "00:00:00"));
        routing.Answer = (call, _) => call.Body.Text("merchantId") switch
        {
            "held" => FakeRoutingService.HeldBack(never.Task, Results.Ok()),
            "rejected" => Results.BadRequest(),
            _ => FakeRoutingService.Routed(call),
        };
        var webhooks = new Webhooks();
        foreach (var merchant in new[] { "held", "rejected", "rejected", "fine", "fine", "fine" })
            await host.Client.AcceptedAsync(webhooks.Next() with { MerchantId = merchant });

        var counts = await Until.TrueAsync(() => host.Client.CountsAsync(), c => c.GetProperty("pending").GetInt64() == 1);

        counts.GetProperty("accepted").GetInt64().ShouldBe(6);
        counts.GetProperty("processed").GetInt64().ShouldBe(3);
        counts.GetProperty("failed").GetInt64().ShouldBe(2);
        counts.GetProperty("oldestPendingSeconds").GetDouble().ShouldBeGreaterThanOrEqualTo(0);
        Members(counts).Except(["queuedMessages"])
            .ShouldBe(["accepted", "pending", "processed", "failed", "dismissed", "oldestPendingSeconds", "removed"],
                ignoreOrder: true);
    }

    [Fact]
    public async Task Oldest_pending_age_is_null_without_pending_events()
    {
        await using var host = GatewayHost.Start();

        (await host.Client.CountsAsync()).GetProperty("oldestPendingSeconds").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    private static IEnumerable<string> Members(JsonElement json) => json.EnumerateObject().Select(member => member.Name);
}
