using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Tests.Features.ProcessEvent.EndToEnd;

public sealed class ShipmentOrderTests
{
    [Theory]
    [Trait("Defect", "B10")]
    [InlineData("SHIPMENT_DELIVERED", "COMPLETED")]
    [InlineData("SHIPMENT_CANCELLED", "CANCELLED")]
    public async Task Events_that_arrive_after_the_end_are_late_or_fail_by_their_time(string end, string status)
    {
        await using var gateway = await RoutedGateway.StartAsync();
        var ended = await SettledAsync(gateway, end, "2026-02-25T12:00:00Z");

        var earlier = await SettledAsync(gateway, "SHIPMENT_UPDATED", "2026-02-25T11:59:59.999Z");
        var same = await SettledAsync(gateway, "SHIPMENT_UPDATED", "2026-02-25T12:00:00.999Z");
        var later = await SettledAsync(gateway, "SHIPMENT_UPDATED", "2026-02-25T12:00:01Z");

        (ended.Status, ended.Outcome).ShouldBe(("processed", "routed"));
        (earlier.Status, earlier.Outcome).ShouldBe(("processed", "late"));
        (same.Status, same.Outcome).ShouldBe(("processed", "late"));
        (later.Status, later.Outcome).ShouldBe(("failed", "shipment-ended"));
        var failed = await gateway.Client.EventAsync(later.Key);
        failed.Text("lastError")!.ShouldContain($"is {status}");
        failed.History().ShouldBe([(1, 1, "shipment-ended")]);
        (await gateway.Client.EventAsync(earlier.Key)).History().ShouldBe([(1, 1, "late")]);
        gateway.Routing.Calls.Select(call => call.IdempotencyKey).ShouldBe([ended.Key]);
    }

    [Fact]
    public async Task Late_and_failed_events_of_an_ended_shipment_count_no_attempt()
    {
        await using var gateway = await RoutedGateway.StartAsync();
        await SettledAsync(gateway, "SHIPMENT_DELIVERED", "2026-02-25T12:00:00Z");
        await SettledAsync(gateway, "SHIPMENT_UPDATED", "2026-02-25T11:00:00Z");
        await SettledAsync(gateway, "SHIPMENT_UPDATED", "2026-02-25T13:00:00Z");

        (await gateway.Client.EventsAsync("&type=SHIPMENT_UPDATED")).ShouldAllBe(e => e.GetProperty("attempts").GetInt32() == 0);
    }

    [Fact]
    public async Task Delivery_is_routed_at_its_retry()
    {
        await using var gateway = await RoutedGateway.StartAsync();
        gateway.Routing.Answer = (call, calls) => calls <= 2 ? Results.StatusCode(500) : FakeRoutingService.Routed(call);

        var ended = await SettledAsync(gateway, "SHIPMENT_DELIVERED", "2026-02-25T12:00:00Z");

        (ended.Status, ended.Outcome).ShouldBe(("processed", "routed"));
        gateway.Routing.Calls.Count.ShouldBe(3);
    }

    [Fact]
    public async Task Earlier_end_of_a_shipment_wins()
    {
        await using var gateway = await RoutedGateway.StartAsync();
        await SettledAsync(gateway, "SHIPMENT_DELIVERED", "2026-02-25T12:00:00Z");

        var cancelled = await SettledAsync(gateway, "SHIPMENT_CANCELLED", "2026-02-25T10:00:00Z");
        var between = await SettledAsync(gateway, "SHIPMENT_UPDATED", "2026-02-25T11:00:00Z");

        (cancelled.Status, cancelled.Outcome).ShouldBe(("processed", "routed"));
        (between.Status, between.Outcome).ShouldBe(("failed", "shipment-ended"));
    }

    [Fact]
    [Trait("Defect", "B21")]
    public async Task Replay_of_an_event_after_the_end_fails_for_the_same_reason()
    {
        await using var gateway = await RoutedGateway.StartAsync();
        await SettledAsync(gateway, "SHIPMENT_DELIVERED", "2026-02-25T12:00:00Z");
        var later = await SettledAsync(gateway, "SHIPMENT_UPDATED", "2026-02-25T13:00:00Z");

        await gateway.Client.ReplayAsync(new { keys = new[] { later.Key } });
        await gateway.Client.SettledAsync();

        var again = await gateway.Client.EventAsync(later.Key);
        (again.Text("status"), again.Text("outcome")).ShouldBe(("failed", "shipment-ended"));
        again.History().ShouldBe([(1, 1, "shipment-ended"), (2, 1, "shipment-ended")]);
    }

    private static async Task<(string Key, string? Status, string? Outcome)> SettledAsync(
        RoutedGateway gateway, string type, string occurredAt)
    {
        var webhook = gateway.Webhooks.Next() with
        {
            ShippingCompanyId = "dhl", MerchantId = "m-1", ShipmentId = "sh-1", Type = type, OccurredAt = occurredAt,
        };
        var key = await gateway.Client.AcceptedAsync(webhook);
        await gateway.Client.SettledAsync();
        var settled = await gateway.Client.EventAsync(key);
        return (key, settled.Text("status"), settled.Text("outcome"));
    }
}
