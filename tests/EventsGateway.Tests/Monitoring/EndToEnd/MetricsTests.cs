using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Tests.Features.ProcessEvent.EndToEnd;
using Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;
using Gateway.EventsGateway.Tests.Features.ReceiveEvent.FromSource.EndToEnd;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Tests.Monitoring.EndToEnd;

/// <summary>The metrics agree with the stored events.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Accepted_event_is_settled_once_per_generation()
    {
        await using var gateway = await RoutedGateway.StartAsync(("Processing:MaxRetries", "0"));
        using var counted = new Counted(gateway.Host);
        gateway.Routing.Answer = (call, calls) => call.IdempotencyKey.Contains("evt-1-", StringComparison.Ordinal) && calls <= 2
            ? Results.StatusCode(calls == 1 ? 503 : 422)
            : FakeRoutingService.Routed(call);

        var keys = await gateway.AcceptedAsync(5);
        await gateway.Client.SettledAsync();
        var failed = keys.Single(key => key.Contains("evt-1-", StringComparison.Ordinal));
        // A replay withdraws copies that are not published yet.
        if (!GatewayHost.ReportsDuplicatesExactly)
            await Until.TrueAsync(() => counted[$"{GatewayMetrics.DeadLetters} rejected-by-router"] == 1);
        await gateway.Client.ReplayAsync(new { keys = new[] { failed } });
        await gateway.Client.StatusAsync(failed, "processed");
        await Until.TrueAsync(() => counted[GatewayMetrics.Settled] == 6);

        counted[GatewayMetrics.Accepted].ShouldBe(5);
        counted[$"{GatewayMetrics.Settled} processed routed gateway"].ShouldBe(5);
        counted[$"{GatewayMetrics.Settled} failed rejected-by-router gateway"].ShouldBe(1);
        counted[GatewayMetrics.Replayed].ShouldBe(1);
        counted[$"{GatewayMetrics.Retries} transient-status"].ShouldBe(1);
        counted[$"{GatewayMetrics.AttemptDuration} transient-status"].ShouldBe(1);
        counted[$"{GatewayMetrics.AttemptDuration} permanent-status"].ShouldBe(1);
        counted[$"{GatewayMetrics.AttemptDuration} routed"].ShouldBe(5);
    }

    [Fact]
    public async Task Late_and_refused_events_of_an_ended_shipment_are_counted_by_source()
    {
        using var folder = new TempFolder();
        await using var host = SourceSender.Start(
            folder, SourceSender.Settings, ("Processing:ArrivalTolerance", "00:00:00"));
        using var counted = new Counted(host);
        using var end = await host.PostAsync(
            "/v1/sources/courier", """{ "items": [ { "id": "1", "shipment": "s-1", "state": "done" } ] }""");
        await host.Client.StatusAsync("courier.1", "processed");
        using var late = await host.PostAsync(
            "/v1/sources/courier", """{ "items": [ { "id": "2", "shipment": "s-1", "state": "x" } ] }""");
        await host.Client.StatusAsync("courier.2", "processed");
        var webhooks = new Webhooks();
        var delivered = webhooks.Next() with { Type = "SHIPMENT_DELIVERED" };
        await host.Client.StatusAsync(await host.Client.AcceptedAsync(delivered), "processed");
        var after = webhooks.Next() with
        {
            ShippingCompanyId = delivered.ShippingCompanyId, ShipmentId = delivered.ShipmentId,
            OccurredAt = "2026-02-25T15:00:00Z",
        };
        await host.Client.StatusAsync(await host.Client.AcceptedAsync(after), "failed");

        await Until.TrueAsync(() => counted[GatewayMetrics.Settled] == 4);

        counted[$"{GatewayMetrics.Settled} processed late courier"].ShouldBe(1);
        counted[$"{GatewayMetrics.Settled} failed shipment-ended gateway"].ShouldBe(1);
    }

    [Fact]
    public async Task Duplicate_is_counted_as_answered_and_another_body_as_a_conflict()
    {
        await using var gateway = await RoutedGateway.StartAsync();
        using var counted = new Counted(gateway.Host);
        var webhook = gateway.Webhooks.Next();
        await gateway.Client.StatusAsync(await gateway.Client.AcceptedAsync(webhook), "processed");

        using var repeat = await gateway.Client.PostSignedAsync(webhook);
        using var other = await gateway.Client.PostSignedAsync(webhook with { ShipmentId = "sh-other" });
        await Until.TrueAsync(() => counted[GatewayMetrics.AcceptDuration] == 3 && counted[GatewayMetrics.Conflicts] == 1);

        var repeats = new[] { repeat, other }.Count(answer => answer.IsReplayed());
        counted[GatewayMetrics.Duplicates].ShouldBe(repeats);
        counted[$"{GatewayMetrics.AcceptDuration} duplicate"].ShouldBe(repeats);
        counted[GatewayMetrics.Accepted].ShouldBe(3 - repeats);
    }

    [Fact]
    public async Task Rejected_requests_are_counted_by_reason()
    {
        var queue = new HeldQueue { Breaks = true };
        await using var host = GatewayHost.Start(queue.AddTo);
        using var counted = new Counted(host);
        foreach (var row in ContractTable.Rows) await host.Client.RejectedAsync(row.Ask(host.Client));
        using (await host.Client.PostSignedAsync(new Webhooks().Next())) { }

        var rejected = ContractTable.Rows.Where(row => row.Status != 404).ToList();
        await Until.TrueAsync(() => counted[GatewayMetrics.Rejected] == rejected.Count + 1);

        double Rejected(string reason) => counted[$"{GatewayMetrics.Rejected} {reason}"];
        Rejected(RejectionReason.TooLarge).ShouldBe(rejected.Count(row => row.Status == 413));
        Rejected(RejectionReason.MissingSignature).ShouldBe(rejected.Count(row => row.Message == "Missing signature"));
        Rejected(RejectionReason.InvalidSignature).ShouldBe(rejected.Count(row => row.Message == "Invalid signature"));
        Rejected(RejectionReason.UnsupportedMediaType).ShouldBe(rejected.Count(row => row.Status == 415));
        Rejected(RejectionReason.InvalidField).ShouldBe(rejected.Count(row => row.Fields.Length > 0));
        Rejected(RejectionReason.MalformedBody).ShouldBe(rejected.Count(row => row.Status == 400 && row.Fields.Length == 0));
        Rejected(RejectionReason.Unavailable).ShouldBe(1);
        counted[$"{GatewayMetrics.AcceptDuration} rejected"].ShouldBe(rejected.Count);
        counted[$"{GatewayMetrics.AcceptDuration} unavailable"].ShouldBe(1);
        counted[GatewayMetrics.Accepted].ShouldBe(0);
    }
}
