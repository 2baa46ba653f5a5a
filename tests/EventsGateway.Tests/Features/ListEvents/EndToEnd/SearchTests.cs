using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Tests.Monitoring.EndToEnd;
using Gateway.Shared.Health;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Http;

namespace Gateway.EventsGateway.Tests.Features.ListEvents.EndToEnd;

public sealed class SearchTests
{
    private const string Events = GatewayClient.BasePath + "/events";

    [Fact]
    public async Task Event_is_found_by_the_beginning_of_each_id_its_trace_its_route_and_the_text_of_its_error()
    {
        // A process without a listener has no traces.
        using var spans = new Spans();
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url), ("Processing:MaxRetries", "0"));
        routing.Answer = (call, _) => call.Body.Text("eventId") == "a-7"
            ? Results.Json(new { message = "Merchant unknown" }, statusCode: 422)
            : FakeRoutingService.Routed(call);
        var webhook = new Webhooks().Next() with { ShippingCompanyId = "dhl" };
        await host.Client.AcceptedAsync(webhook with { EventId = "a-7", ShipmentId = "s-a-7" });
        var key = await host.Client.AcceptedAsync(webhook with { EventId = "b-7 x", ShipmentId = "s-b-7" });
        await host.Client.SettledAsync();
        var routed = await host.Client.EventAsync(key);

        (await FoundAsync(host, "eventIdPrefix=a-")).ShouldBe(["a-7"]);
        (await FoundAsync(host, "shipmentIdPrefix=s-b")).ShouldBe(["b-7 x"]);
        (await FoundAsync(host, "shipmentIdPrefix=s-")).ShouldBe(["a-7", "b-7 x"], ignoreOrder: true);
        (await FoundAsync(host, "keyPrefix=dhl.")).ShouldBe(["a-7", "b-7 x"], ignoreOrder: true);
        (await FoundAsync(host, "keyPrefix=dhl.b-7_20")).ShouldBe(["b-7 x"]);
        (await FoundAsync(host, "keyPrefix=ups.b")).ShouldBeEmpty();
        (await FoundAsync(host, $"traceId={routed.Text("traceparent")!.Split('-')[1].ToUpperInvariant()}")).ShouldBe(["b-7 x"]);
        (await FoundAsync(host, $"routeId={routed.Text("routeId")}")).ShouldBe(["b-7 x"]);
        (await FoundAsync(host, "errorText=merchant%20UNKNOWN")).ShouldBe(["a-7"]);
        (await FoundAsync(host, "errorText=unknown&status=processed")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Prefix_of_a_key_excludes_the_parameters_it_stands_for()
    {
        await using var host = GatewayHost.Start();

        var (status, problem) = await host.Client.RejectedAsync(
            new(HttpMethod.Get, $"{Events}?keyPrefix=dhl.1&shippingCompanyId=dhl"));

        status.ShouldBe(400);
        problem.FieldsWithErrors().ShouldBe(["keyPrefix"]);
    }

    [Fact]
    public async Task Matches_are_counted()
    {
        await using var host = GatewayHost.Start();
        await Task.WhenAll(new Webhooks().Take(60).Select(host.Client.AcceptedAsync));
        await host.Client.SettledAsync();

        (await MatchesAsync("")).ShouldBe((60, false));
        (await MatchesAsync("?status=processed")).ShouldBe((60, false));
        (await MatchesAsync("?status=failed")).ShouldBe((0, false));
        (await MatchesAsync("?from=2100-01-01")).ShouldBe((0, false));

        async Task<(int, bool)> MatchesAsync(string filter)
        {
            var found = await host.Client.GetAsync($"{Events}/matches{filter}");
            return (found.GetProperty("count").GetInt32(), found.GetProperty("isCapped").GetBoolean());
        }
    }

    [Theory]
    [InlineData("matches?limit=5", "limit")]
    [InlineData("matches?status=pnding", "status")]
    [InlineData("export?limit=5", "limit")]
    [InlineData("export?traceId=1", "traceId")]
    [InlineData("export?details=yes", "details")]
    [InlineData("export?status=failed&status=pending", "status")]
    public async Task Invalid_parameter_of_a_count_or_an_export_is_answered_400_with_its_name(string request, string name)
    {
        await using var host = GatewayHost.Start();

        var (status, problem) = await host.Client.RejectedAsync(new(HttpMethod.Get, $"{Events}/{request}"));

        status.ShouldBe(400);
        problem.FieldsWithErrors().ShouldBe([name]);
    }

    private static async Task<IEnumerable<string?>> FoundAsync(GatewayHost host, string filter)
        => (await host.Client.EventsAsync($"&{filter}")).Select(e => e.Text("eventId"));
}
