using System.Net.Http.Json;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Tests.Features.AuditLog.EndToEnd;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Tests.Features.EraseEvents.EndToEnd;

public sealed class ErasureTests
{
    private readonly Webhooks _webhooks = new();

    [Theory]
    [InlineData("{}", "shipmentId")]
    [InlineData("""{"shipmentId":"a","merchantId":"b"}""", "shipmentId")]
    [InlineData("""{"shipmentId":" "}""", "shipmentId")]
    [InlineData("""{"merchantId":""}""", "merchantId")]
    [InlineData("""{"merchantId":"m","shippingCompanyId":"dhl"}""", "shippingCompanyId")]
    public async Task Invalid_erasure_is_answered_400_with_the_field(string body, string field)
    {
        await using var host = GatewayHost.Start();

        var (status, problem) = await host.Client.RejectedAsync(Request(body));

        status.ShouldBe(400);
        problem.FieldsWithErrors().ShouldBe([field]);
    }

    [Fact]
    public async Task Erased_event_is_gone_and_its_late_duplicate_is_answered_202_and_not_stored()
    {
        await using var host = GatewayHost.Start();
        var webhook = _webhooks.Next() with { ShipmentId = "sh-erased" };
        var key = await host.Client.AcceptedAsync(webhook);
        await host.Client.StatusAsync(key, "processed");
        var other = await host.Client.AcceptedAsync(_webhooks.Next());
        await host.Client.SettledAsync();

        var erased = await EraseAsync(host, new { shipmentId = "sh-erased" });

        (Number(erased, "erased"), Number(erased, "shipments"), Number(erased, "remaining")).ShouldBe((1, 1, 0));
        (await host.Client.AcceptedAsync(webhook)).ShouldBe(key);
        await host.Client.AcceptedAsync(_webhooks.Next());
        var counts = await Until.TrueAsync(() => host.Client.SnapshotAsync(), counts => Number(counts, "processed") == 3);
        (Number(counts, "accepted"), Number(counts, "failed")).ShouldBe((3, 0));
        (await host.Client.GetAsync("/v1/events-gateway/events?shipmentId=sh-erased")).GetProperty("items").GetArrayLength()
            .ShouldBe(0);
        (await host.Client.EventAsync(other)).GetProperty("bodyRemoved").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Number_of_several_couriers_is_erased_of_the_named_one_alone()
    {
        await using var host = GatewayHost.Start();
        var webhook = _webhooks.Next() with { ShipmentId = "1001", ShippingCompanyId = "courier-a" };
        foreach (var courier in new[] { "courier-a", "courier-b" })
        {
            var key = await host.Client.AcceptedAsync(webhook with { ShippingCompanyId = courier });
            await host.Client.StatusAsync(key, "processed");
        }

        var (status, problem) = await host.Client.RejectedAsync(Request("""{"shipmentId":"1001"}"""));
        var erased = await EraseAsync(host, new { shipmentId = "1001", shippingCompanyId = "courier-a" });

        status.ShouldBe(400);
        problem.ToString().ShouldContain("(courier-a, courier-b)");
        (Number(erased, "erased"), Number(erased, "shipments")).ShouldBe((1, 1));
        (await host.Client.GetAsync("/v1/events-gateway/events?shipmentId=1001")).GetProperty("items").EnumerateArray()
            .Select(e => e.Text("shippingCompanyId")).ShouldBe(["courier-b"]);
        await EraseAsync(host, new { shipmentId = "1001" });
    }

    [Fact]
    public async Task Tombstone_has_key_status_and_time_only()
    {
        await using var host = GatewayHost.Start();
        var key = await host.Client.AcceptedAsync(_webhooks.Next() with { MerchantId = "m-erased" });
        var before = await host.Client.StatusAsync(key, "processed");

        await EraseAsync(host, new { merchantId = "m-erased" });

        var tombstone = await host.Client.EventAsync(key);
        (tombstone.Text("key"), tombstone.Text("status"), tombstone.Text("processedAt"))
            .ShouldBe((key, "processed", before.Text("processedAt")));
        tombstone.GetProperty("tombstone").GetBoolean().ShouldBeTrue();
        string[] members =
            ["eventId", "shipmentId", "merchantId", "shippingCompanyId", "body", "receivedAt", "routeId", "lastError"];
        foreach (var member in members) tombstone.Text(member).ShouldBeNull();
        before.GetProperty("tombstone").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Audit_record_of_an_erasure_contains_no_erased_id()
    {
        await using var host = GatewayHost.Start();
        await host.Client.StatusAsync(
            await host.Client.AcceptedAsync(_webhooks.Next() with { ShipmentId = "sh-erased" }), "processed");

        await EraseAsync(host, new { shipmentId = "sh-erased" });

        var record = (await host.Client.GetAsync("/v1/events-gateway/audit")).GetProperty("items").EnumerateArray()
            .ShouldHaveSingleItem();
        record.Text("action").ShouldBe("erase");
        record.Text("what").ShouldBe("shipment sha256:e1d2da37a56a705d");
        record.Text("result").ShouldBe("1 events, 0 containers and 1 shipments erased, 0 events remain");
    }

    [Fact]
    public async Task Erasure_fails_if_it_cannot_be_recorded()
    {
        await using var host = GatewayHost.Start(services => services.Replace<IAuditRepository, BrokenAudit>());
        var key = await host.Client.AcceptedAsync(_webhooks.Next() with { ShipmentId = "sh-stays" });
        await host.Client.StatusAsync(key, "processed");

        (await host.Client.RejectedAsync(Request("""{"shipmentId":"sh-stays"}"""))).Status.ShouldBe(503);

        (await host.Client.EventAsync(key)).Text("shipmentId").ShouldBe("sh-stays");
    }

    [Fact]
    public async Task Event_erased_during_its_attempt_leaves_no_data()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        var (called, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        routing.Answer = (_, _) =>
        {
            called.TrySetResult();
            goOn.Task.Wait();
            return Results.BadRequest();
        };
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url), ("Processing:MaxRetries", "0"));
        var key = await host.Client.AcceptedAsync(_webhooks.Next() with { ShipmentId = "sh-erased" });
        await called.Task;

        Number(await EraseAsync(host, new { shipmentId = "sh-erased" }), "erased").ShouldBe(1);
        goOn.SetResult();
        routing.Answer = (call, _) => FakeRoutingService.Routed(call);
        var next = await host.Client.AcceptedAsync(_webhooks.Next());
        await host.Client.StatusAsync(next, "processed");

        (await host.Client.EventAsync(key)).Text("status").ShouldBe("failed");
        (await host.Client.EventAsync(key)).GetProperty("tombstone").GetBoolean().ShouldBeTrue();
        Number(await host.Client.SnapshotAsync(), "accepted").ShouldBe(2);
    }

    private static HttpRequestMessage Request(string body)
        => new(HttpMethod.Post, "/v1/events-gateway/erasures") { Content = new StringContent(
            body, System.Text.Encoding.UTF8, "application/json") };

    private static async Task<JsonElement> EraseAsync(GatewayHost host, object subject)
    {
        using var answer = await host.Client.Http.PostAsJsonAsync("/v1/events-gateway/erasures", subject);
        ((int)answer.StatusCode).ShouldBe(200, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static long Number(JsonElement json, string member) => json.GetProperty(member).GetInt64();
}
