using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;

/// <summary>Every valid id passes ingest, store, routing service and operator API unchanged.</summary>
public sealed class HostileIdTests
{
    public static TheoryData<string> Hostile =>
    [
        "événement-☃", "12345", "-5", "0", "1e5", "dhl:1", "dhl:1:x", "a.b", "a_b", "a_2eb", ".", "..", "../x", "/etc/passwd",
        "%2e%2e%2f", "a b", " a", "a ", "🚚📦", "e\u0301", "é", "null", "counts",
        "O'Brien; DROP TABLE events--", "\"", "\\", "${jndi:x}",
        "<script>", "?a=b#c", "*", "\u202Eabc", "\uFEFFbom", "x\u2028y",
        new string('x', 256), new string('é', 256), string.Concat(Enumerable.Repeat("🚚", 128)),
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    [Trait("Defect", "B2")]
    public async Task Hostile_id_is_processed_unchanged(string id)
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        var webhook = new Webhook { EventId = id, MerchantId = id, ShippingCompanyId = id, ShipmentId = id };
        using var answer = await host.Client.PostSignedAsync(webhook);
        var key = await answer.AcceptedKeyAsync();

        await host.Client.StatusAsync(key, "processed");

        key.ShouldMatch(@"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\z");
        var detail = await host.Client.GetAsync(answer.Headers.Location!.ToString());
        var listed = (await host.Client.EventsAsync($"&shipmentId={Uri.EscapeDataString(id)}")).ShouldHaveSingleItem();
        string[] fields = ["eventId", "merchantId", "shippingCompanyId", "shipmentId"];
        foreach (var view in new[] { detail, listed })
        {
            view.Text("key").ShouldBe(key);
            foreach (var field in fields) view.Text(field).ShouldBe(id);
        }

        var call = routing.Calls.ShouldHaveSingleItem();
        call.IdempotencyKey.ShouldBe(key);
        foreach (var field in fields) call.Body.Text(field).ShouldBe(id);
    }

    [Theory]
    [InlineData("a\rb")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("\t")]
    [InlineData("a\u001b[31m")]
    [InlineData("a\u007f")]
    [InlineData("a\u0085")]
    [InlineData(" ")]
    [InlineData("")]
    public async Task Id_with_control_characters_is_rejected_by_name(string id)
    {
        await using var host = GatewayHost.Start();
        var bad = new Webhook { EventId = id, MerchantId = id, ShippingCompanyId = id, ShipmentId = id };

        var (status, problem) = await host.Client.RejectedAsync(host.Client.SignedRequest(bad.ToBytes()));

        status.ShouldBe(400);
        problem.FieldsWithErrors().ShouldBe(["eventId", "merchantId", "shipmentId", "shippingCompanyId"]);
    }

    [Fact]
    [Trait("Defect", "S4")]
    public async Task Ids_with_the_same_concatenation_are_different_events()
    {
        await using var host = GatewayHost.Start();
        (string Company, string Id)[] pairs =
        [
            ("a.b", "c"), ("a", "b.c"), ("a:b", "c"), ("a", "b:c"),
            ("a_2eb", "c"), ("ab", "c"),
        ];

        var keys = new List<string>();
        foreach (var (company, id) in pairs)
            keys.Add(await host.Client.AcceptedAsync(new Webhooks().Next() with { ShippingCompanyId = company, EventId = id }));

        keys.ShouldBeUnique();
        (await host.Client.CountsAsync()).GetProperty("accepted").GetInt64().ShouldBe(pairs.Length);
    }

    [Fact]
    [Trait("Defect", "B3")]
    public async Task Two_shipping_companies_may_use_the_same_event_id()
    {
        await using var host = GatewayHost.Start();
        var webhook = new Webhooks().Next() with { ShippingCompanyId = "dhl" };

        await host.Client.AcceptedAsync(webhook);
        using var other = await host.Client.PostSignedAsync(webhook with { ShippingCompanyId = "aramex" });

        other.IsReplayed().ShouldBeFalse();
        (await host.Client.CountsAsync()).GetProperty("accepted").GetInt64().ShouldBe(2);
    }
}
