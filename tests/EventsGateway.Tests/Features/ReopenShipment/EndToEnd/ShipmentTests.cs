using System.Text.Json;
using Gateway.EventsGateway.Tests.Features.ProcessEvent.EndToEnd;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReopenShipment.EndToEnd;

/// <summary>An operator looks at a shipment and corrects its end.</summary>
public sealed class ShipmentTests
{
    private const string Path = "/v1/events-gateway/shipments/dhl.sh_5f1";

    [Fact]
    public async Task Shipment_shows_its_state_the_event_that_ended_it_and_its_events_in_pages()
    {
        await using var gateway = await RoutedGateway.StartAsync();
        var created = await SettledAsync(gateway, "SHIPMENT_CREATED", "2026-02-25T10:00:00Z");
        var delivered = await SettledAsync(gateway, "SHIPMENT_DELIVERED", "2026-02-25T12:00:00Z");

        var shipment = await gateway.Client.GetAsync($"{Path}?limit=1");

        (shipment.Text("key"), shipment.Text("shippingCompanyId"), shipment.Text("shipmentId"), shipment.Text("status"))
            .ShouldBe(("dhl.sh_5f1", "dhl", "sh_1", "COMPLETED"));
        (shipment.Text("endedBy"), shipment.Text("endedAt"), shipment.GetProperty("cycle").GetInt32())
            .ShouldBe((delivered, "2026-02-25T12:00:00.999Z", 1));
        Keys(shipment).ShouldBe([delivered]);
        var next = await gateway.Client.GetAsync($"{Path}?limit=1&cursor={shipment.Text("nextCursor")}");
        Keys(next).ShouldBe([created]);
        next.Text("nextCursor").ShouldBeNull();
    }

    [Fact]
    public async Task Failed_and_late_events_are_routed_after_a_reopen_and_a_replay_and_the_old_end_stays_without_effect()
    {
        await using var gateway = await RoutedGateway.StartAsync();
        var wrong = await SettledAsync(gateway, "SHIPMENT_DELIVERED", "2026-02-25T12:00:00Z");
        var failed = await SettledAsync(gateway, "SHIPMENT_UPDATED", "2026-02-25T13:00:00Z");
        var late = await SettledAsync(gateway, "SHIPMENT_UPDATED", "2026-02-25T11:00:00Z");

        (await ReopenAsync(gateway, Path)).GetProperty("cycle").GetInt32().ShouldBe(2);
        await gateway.Client.ReplayAsync(new { keys = new[] { failed, late } });
        await gateway.Client.SettledAsync();
        var next = await SettledAsync(gateway, "SHIPMENT_UPDATED", "2026-02-26T10:00:00Z");

        foreach (var key in new[] { failed, late, next, wrong })
            (await gateway.Client.EventAsync(key)).Text("outcome").ShouldBe("routed");
        (await gateway.Client.GetAsync(Path)).Text("status").ShouldBe("ACTIVE");
        (await gateway.Client.GetAsync("/v1/events-gateway/audit")).GetProperty("items").EnumerateArray()
            .Select(record => (record.Text("action"), record.Text("result")))
            .ShouldContain(("reopen-shipment", "cycle 2 begins"));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("POST", "/reopen")]
    public async Task Unknown_shipment_is_answered_404(string method, string of)
    {
        await using var gateway = await RoutedGateway.StartAsync();

        var (status, _) = await gateway.Client.RejectedAsync(new HttpRequestMessage(HttpMethod.Parse(method), Path + of));

        status.ShouldBe(404);
    }

    private static IEnumerable<string?> Keys(JsonElement shipment)
        => shipment.GetProperty("items").EnumerateArray().Select(e => e.Text("key"));

    private static async Task<JsonElement> ReopenAsync(RoutedGateway gateway, string path)
    {
        using var answer = await gateway.Client.Http.PostAsync($"{path}/reopen", null);
        answer.IsSuccessStatusCode.ShouldBeTrue();
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
    }

    private static async Task<string> SettledAsync(RoutedGateway gateway, string type, string occurredAt)
    {
        var key = await gateway.Client.AcceptedAsync(gateway.Webhooks.Next() with
        {
            ShippingCompanyId = "dhl", MerchantId = "m-1", ShipmentId = "sh_1", Type = type, OccurredAt = occurredAt,
        });
        await gateway.Client.SettledAsync();
        return key;
    }
}
