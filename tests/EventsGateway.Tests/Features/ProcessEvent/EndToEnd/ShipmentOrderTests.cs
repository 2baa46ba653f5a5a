using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Features.ProcessEvent;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

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

    /// <summary>late.mjs: one 503 while DELIVERED overtakes; the event ended as processed and was never routed.</summary>
    [Fact]
    public async Task Event_that_arrived_before_the_end_is_routed_after_its_retry()
    {
        await using var gateway = await RoutedGateway.StartAsync(("Processing:RetryBase", "00:00:01"));
        gateway.Routing.Answer = (call, calls) => calls == 1 && gateway.Routing.Calls.Count == 1
            ? Results.StatusCode(503) : FakeRoutingService.Routed(call);
        var created = await AcceptedAsync(gateway, "SHIPMENT_CREATED", "2026-02-25T10:00:00Z");
        await Until.TrueAsync(() => Task.FromResult(gateway.Routing.Calls.Count), calls => calls == 1);
        var delivered = await AcceptedAsync(gateway, "SHIPMENT_DELIVERED", "2026-02-25T12:00:00Z");

        await gateway.Client.SettledAsync();

        (await gateway.Client.EventAsync(created)).Text("outcome").ShouldBe("routed");
        gateway.Routing.Calls.Select(call => call.IdempotencyKey).ShouldBe([created, delivered, created]);
    }

    /// <summary>late2.mjs, the outage of late.mjs: what had waited for a stopped worker was late after its start.</summary>
    [Fact]
    public async Task Events_that_waited_in_order_are_all_routed_after_a_restart()
    {
        await using var gateway = await RoutedGateway.StartAsync();
        gateway.Routing.Answer = (_, _) => Results.StatusCode(503);
        var keys = new List<string>();
        foreach (var (type, hour) in new[] { ("SHIPMENT_CREATED", 10), ("SHIPMENT_UPDATED", 11), ("SHIPMENT_DELIVERED", 12) })
            keys.Add(await AcceptedAsync(gateway, type, $"2026-02-25T{hour}:00:00Z"));
        await Until.TrueAsync(() => Task.FromResult(gateway.Routing.Calls.Count), calls => calls >= 3);
        gateway.Routing.Answer = (call, _) => FakeRoutingService.Routed(call);

        await gateway.RestartAsync();
        await gateway.Client.SettledAsync();

        foreach (var key in keys) (await gateway.Client.EventAsync(key)).Text("outcome").ShouldBe("routed");
    }

    /// <summary>ships.mjs, case 15.</summary>
    [Fact]
    public async Task Couriers_with_the_same_number_do_not_end_each_others_shipments()
    {
        await using var gateway = await RoutedGateway.StartAsync();
        await SettledAsync(gateway, "SHIPMENT_DELIVERED", "2026-02-25T12:00:00Z");

        var other = gateway.Webhooks.Next() with
        {
            ShippingCompanyId = "aramex", ShipmentId = "sh-1", Type = "SHIPMENT_CREATED", OccurredAt = "2026-02-25T13:00:00Z",
        };
        var key = await gateway.Client.AcceptedAsync(other);

        (await gateway.Client.StatusAsync(key, "processed")).Text("outcome").ShouldBe("routed");
    }

    [Fact]
    public async Task Clocks_of_ingest_may_differ_by_a_second_on_the_profile_Distributed_alone()
    {
        await using var gateway = await RoutedGateway.StartAsync(("Processing:ArrivalTolerance", ""));

        gateway.Host.Services.GetRequiredService<IOptions<ProcessingOptions>>().Value.ArrivalTolerance
            .ShouldBe(GatewayHost.Backends is null ? null : TimeSpan.FromSeconds(1));
    }

    /// <summary>ships.mjs, cases 10, 10b and 10c.</summary>
    [Theory]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("2126-03-01T12:00:00Z")]
    public async Task End_with_a_time_that_cannot_be_true_counts_from_its_receipt(string occurredAt)
    {
        await using var gateway = await RoutedGateway.StartAsync();
        var end = await SettledAsync(gateway, "SHIPMENT_DELIVERED", occurredAt);

        var late = await SettledAsync(gateway, "SHIPMENT_UPDATED", "2026-02-25T11:00:00Z");

        (late.Status, late.Outcome).ShouldBe(("processed", "late"));
        var shown = await gateway.Client.EventAsync(end.Key);
        (shown.Text("occurredAt"), shown.GetProperty("implausibleTime").GetBoolean())
            .ShouldBe((occurredAt.Replace("Z", ".000Z", StringComparison.Ordinal), true));
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
        var key = await AcceptedAsync(gateway, type, occurredAt);
        await gateway.Client.SettledAsync();
        var settled = await gateway.Client.EventAsync(key);
        return (key, settled.Text("status"), settled.Text("outcome"));
    }

    private static async Task<string> AcceptedAsync(RoutedGateway gateway, string type, string occurredAt)
    {
        var webhook = gateway.Webhooks.Next() with
        {
            ShippingCompanyId = "dhl", MerchantId = "m-1", ShipmentId = "sh-1", Type = type, OccurredAt = occurredAt,
        };
        return await gateway.Client.AcceptedAsync(webhook);
    }
}
