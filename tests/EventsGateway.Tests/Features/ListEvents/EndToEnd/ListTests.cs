using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ListEvents.EndToEnd;

public sealed class ListTests
{
    private const string Events = GatewayClient.BasePath + "/events";

    [Theory]
    [InlineData("limit", "0")]
    [InlineData("limit", "201")]
    [InlineData("limit", "-1")]
    [InlineData("limit", "1.5")]
    [InlineData("limit", "all")]
    [InlineData("limit", "99999999999999999999")]
    [InlineData("cursor", "not-a-cursor")]
    [InlineData("cursor", "!!!")]
    [InlineData("cursor", "OTk5OTk5OTk5OTk5OTk5OTk5LmEuYg")]
    [InlineData("status", "pnding")]
    [InlineData("status", "Pending")]
    [InlineData("type", "SHIPMENT_LOST")]
    [InlineData("outcome", "unknown")]
    [InlineData("outcome", "Rejected")]
    [InlineData("from", "yesterday")]
    [InlineData("to", "2026-02-30")]
    [InlineData("traceId", "4bf92f3577b34da6")]
    [InlineData("traceId", "4bf92f3577b34da6a3ce929d0e0e473z")]
    [InlineData("keyPrefix", "dhl")]
    [InlineData("keyPrefix", ".evt")]
    [InlineData("keyPrefix", "dhl.evt_3")]
    [InlineData("keyPrefix", "dhl.evt_1.x")]
    public async Task Invalid_parameter_is_answered_400_with_its_name(string name, string value)
    {
        await using var host = GatewayHost.Start();

        var (status, problem) = await host.Client.RejectedAsync(new(HttpMethod.Get, $"{Events}?{name}={value}"));

        status.ShouldBe(400);
        problem.FieldsWithErrors().ShouldBe([name]);
    }

    [Fact]
    public async Task Repeated_parameter_is_answered_400_with_its_name()
    {
        await using var host = GatewayHost.Start();

        var (status, problem) = await host.Client.RejectedAsync(
            new(HttpMethod.Get, $"{Events}?status=pending&limit=3&status=failed"));

        status.ShouldBe(400);
        problem.GetProperty("errors").GetRawText().ShouldBe("""{"status":["status must be given once"]}""");
    }

    [Fact]
    public async Task Empty_store_has_one_empty_page()
    {
        await using var host = GatewayHost.Start();

        (await host.Client.Http.GetStringAsync(Events)).ShouldBe("""{"items":[],"nextCursor":null}""");
    }

    [Fact]
    public async Task Each_filter_finds_exactly_the_matching_events()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url), ("Processing:MaxRetries", "0"));
        routing.Answer = (call, _) => call.Body.Text("eventId") == "a"
            ? Microsoft.AspNetCore.Http.Results.BadRequest()
            : FakeRoutingService.Routed(call);
        var webhook = new Webhooks().Next();
        await host.Client.AcceptedAsync(webhook with
        {
            EventId = "a", MerchantId = "m-a", ShippingCompanyId = "c-a", ShipmentId = "s-a", Type = "SHIPMENT_CREATED",
        });
        await host.Client.AcceptedAsync(
            webhook with { EventId = "b", MerchantId = "m-b", ShippingCompanyId = "c-b", ShipmentId = "s-b" });
        await host.Client.SettledAsync();

        foreach (var filter in new[] { "shipmentId=s-", "merchantId=m-", "shippingCompanyId=c-" })
        {
            (await Found(host, filter + "a")).ShouldBe(["a"]);
            (await Found(host, filter + "b")).ShouldBe(["b"]);
            (await Found(host, filter + "c")).ShouldBeEmpty();
        }

        (await Found(host, "eventId=a")).ShouldBe(["a"]);
        (await Found(host, "eventId=A")).ShouldBeEmpty();
        (await Found(host, "eventId=a&shippingCompanyId=c-b")).ShouldBeEmpty();
        (await Found(host, "type=SHIPMENT_CREATED")).ShouldBe(["a"]);
        (await Found(host, "type=SHIPMENT_UPDATED")).ShouldBe(["b"]);
        (await Found(host, "status=failed")).ShouldBe(["a"]);
        (await Found(host, "status=processed")).ShouldBe(["b"]);
        (await Found(host, "status=pending")).ShouldBeEmpty();
        (await Found(host, "outcome=rejected-by-router")).ShouldBe(["a"]);
        (await Found(host, "outcome=routed")).ShouldBe(["b"]);
        (await Found(host, "outcome=late")).ShouldBeEmpty();
        (await Found(host, "outcome=routed&lastError=none")).ShouldBeEmpty();
        (await Found(host, "status=failed&merchantId=m-b")).ShouldBeEmpty();
        (await Found(host, "status=failed&merchantId=m-a&type=SHIPMENT_CREATED&shipmentId=s-a")).ShouldBe(["a"]);
    }

    [Fact]
    public async Task From_is_inclusive_and_to_is_exclusive()
    {
        await using var host = GatewayHost.Start();
        var received = new List<string>();
        foreach (var webhook in new Webhooks().Take(3))
        {
            var key = await host.Client.AcceptedAsync(webhook);
            received.Add((await host.Client.EventAsync(key)).Text("receivedAt")!);
            // The next event must not arrive in the same millisecond.
            await Until.TrueAsync(() => DateTimeOffset.UtcNow > DateTimeOffset.Parse(received[^1]).AddMilliseconds(1));
        }

        (await ReceivedAt(host, $"from={received[1]}")).ShouldBe([received[2], received[1]]);
        (await ReceivedAt(host, $"to={received[1]}")).ShouldBe([received[0]]);
        (await ReceivedAt(host, $"from={received[0]}&to={received[2]}")).ShouldBe([received[1], received[0]]);
        (await ReceivedAt(host, $"from={received[1]}&to={received[1]}")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_are_ordered_newest_first_then_by_key()
    {
        await using var host = GatewayHost.Start();
        await Task.WhenAll(new Webhooks().Take(120).Select(webhook => host.Client.AcceptedAsync(webhook)));

        var listed = (await host.Client.EventsAsync()).Select(Place).ToList();

        listed.Count.ShouldBe(120);
        listed.ShouldBe(listed.OrderByDescending(place => place.At, StringComparer.Ordinal)
            .ThenBy(place => place.Company, StringComparer.Ordinal).ThenBy(place => place.Id, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(25)]
    public async Task Pages_list_every_event_once_while_events_are_added(int limit)
    {
        await using var host = GatewayHost.Start();
        var webhooks = new Webhooks();
        await Task.WhenAll(webhooks.Take(25).Select(webhook => host.Client.AcceptedAsync(webhook)));
        var before = (await host.Client.EventsAsync()).Select(e => e.Text("key")!).ToList();

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await host.Client.GetAsync($"{Events}?limit={limit}{(cursor is null ? "" : $"&cursor={cursor}")}");
            var items = page.GetProperty("items").EnumerateArray().Select(e => e.Text("key")!).ToList();
            items.Count.ShouldBeInRange(1, limit);
            seen.AddRange(items);
            cursor = page.Text("nextCursor");
            await host.Client.AcceptedAsync(webhooks.Next());
        }
        while (cursor is not null);

        seen.ShouldBe(before);
    }

    [Fact]
    public async Task Page_has_fifty_events_by_default()
    {
        await using var host = GatewayHost.Start();
        await Task.WhenAll(new Webhooks().Take(201).Select(webhook => host.Client.AcceptedAsync(webhook)));

        await host.Client.CountsAsync();

        (await host.Client.GetAsync(Events)).GetProperty("items").GetArrayLength().ShouldBe(50);
        (await host.Client.GetAsync($"{Events}?limit=200")).GetProperty("items").GetArrayLength().ShouldBe(200);
    }

    private static (string At, string Company, string Id) Place(JsonElement e)
        => (e.Text("receivedAt")!, e.Text("shippingCompanyId")!, e.Text("eventId")!);

    private static async Task<IEnumerable<string?>> Found(GatewayHost host, string filter)
        => (await host.Client.EventsAsync($"&{filter}")).Select(e => e.Text("eventId"));

    private static async Task<IEnumerable<string?>> ReceivedAt(GatewayHost host, string filter)
        => (await host.Client.EventsAsync($"&{filter}")).Select(e => e.Text("receivedAt"));
}
