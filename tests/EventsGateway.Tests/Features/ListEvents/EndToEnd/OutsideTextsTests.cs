using System.Text.Json;
using Gateway.Shared.Errors;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Tests.Features.ListEvents.EndToEnd;

/// <summary>Texts of senders and of the routing service, as operators get them.</summary>
public sealed class OutsideTextsTests
{
    private const int Events = 200;

    // A character outside the BMP has four bytes in an id, and twelve in JSON.
    private static readonly string LongestId = string.Concat(Enumerable.Repeat("😀", 126));

    [Fact]
    public async Task Error_of_the_routing_service_is_one_short_line_without_hidden_characters()
    {
        var error = $"no\r\nfail: forged\u001b[31m\u202e\u200b{new string('x', 5_000)}";
        await using var service = await FakeRoutingService.StartAsync();
        service.Answer = (_, _) => Results.Json(new { error }, statusCode: 422);
        await using var host = GatewayHost.Start(("Routing:Url", service.Url));

        var key = await host.Client.AcceptedAsync(new Webhooks().Next());
        var e = await host.Client.StatusAsync(key, "failed");

        foreach (var text in new[] { e.Text("lastError")!, e.GetProperty("attempts")[0].Text("error")! })
        {
            text.ShouldStartWith(@"routing service answered 422: no\r\nfail: forged\u001b[31m\u202e\u200bxxx");
            text.Length.ShouldBeLessThanOrEqualTo(OutsideText.MaxLength);
        }
    }

    [Fact]
    public async Task Page_of_200_events_stays_below_1_MB_and_the_next_ones_follow()
    {
        await using var service = await FakeRoutingService.StartAsync();
        service.Answer = (_, _) => Results.Json(new { routed = true, routeId = LongestId });
        await using var host = GatewayHost.Start(("Routing:Url", service.Url));
        var webhooks = new Webhooks();
        for (var i = 0; i < Events; i++)
        {
            await host.Client.AcceptedAsync(webhooks.Next() with
            {
                EventId = $"{LongestId}{i}", ShipmentId = $"{LongestId}{i}",
                MerchantId = LongestId, ShippingCompanyId = LongestId,
            });
        }

        await host.Client.SettledAsync();

        var page = await host.Client.Http.GetByteArrayAsync($"{GatewayClient.BasePath}/events?limit={Events}");
        page.Length.ShouldBeLessThan(1_000_000);
        var keys = (await host.Client.EventsAsync()).Select(e => e.Text("key")).ToList();
        keys.Count.ShouldBe(Events);
        keys.ShouldBeUnique();
        using var json = JsonDocument.Parse(page);
        json.RootElement.GetProperty("items").GetArrayLength().ShouldBeInRange(50, Events - 1);
    }
}
