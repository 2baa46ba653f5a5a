using System.Net;
using System.Text;
using Gateway.EventsGateway.Tests.Features.ReceiveEvent.FromSource.EndToEnd;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.PauseRouting.EndToEnd;

public sealed class PauseTests
{
    private readonly Webhooks _webhooks = new();

    [Fact]
    public async Task Pause_of_all_holds_events_until_it_ends_and_ingest_stays_open()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        (await SendAsync(host, HttpMethod.Post, "", "{}")).ShouldBe(HttpStatusCode.OK);

        var key = await host.Client.AcceptedAsync(_webhooks.Next());

        var pause = (await host.Client.GetAsync($"{GatewayClient.BasePath}/pauses")).GetProperty("items")[0];
        pause.Text("merchantId").ShouldBeNull();
        var ready = await Until.TrueAsync(
            host.Client.ReadinessAsync,
            answer => answer.GetProperty("checks").GetProperty("worker").Text("detail")?.StartsWith(
                "routing is paused, events wait: all merchants since", StringComparison.Ordinal) == true);
        ready.GetProperty("checks").GetProperty("lag").GetProperty("healthy").GetBoolean().ShouldBeTrue();
        (await host.Client.EventAsync(key)).Text("status").ShouldBe("pending");
        routing.Calls.ShouldBeEmpty();

        (await SendAsync(host, HttpMethod.Delete, "", null)).ShouldBe(HttpStatusCode.OK);

        await host.Client.StatusAsync(key, "processed");
        var audit = (await host.Client.GetAsync($"{GatewayClient.BasePath}/audit")).GetProperty("items");
        audit.EnumerateArray().Select(record => (record.Text("action"), record.Text("what"), record.Text("result"))).ShouldBe(
            [("resume-routing", "all merchants", "done"), ("pause-routing", "all merchants", "done")]);
    }

    [Fact]
    public async Task Pause_of_a_merchant_holds_its_events_alone()
    {
        await using var routing = await FakeRoutingService.StartAsync();
        await using var host = GatewayHost.Start(("Routing:Url", routing.Url));
        (await SendAsync(host, HttpMethod.Post, "", """{"merchantId":"m-1"}""")).ShouldBe(HttpStatusCode.OK);
        var held = await host.Client.AcceptedAsync(_webhooks.Next() with { MerchantId = "m-1" });
        var other = await host.Client.AcceptedAsync(_webhooks.Next() with { MerchantId = "m-2" });

        await host.Client.StatusAsync(other, "processed");

        (await host.Client.EventAsync(held)).Text("status").ShouldBe("pending");
        (await SendAsync(host, HttpMethod.Delete, "?merchantId=m-1", null)).ShouldBe(HttpStatusCode.OK);
        await host.Client.StatusAsync(held, "processed");
    }

    [Fact]
    public async Task Pause_of_a_source_holds_its_events_alone()
    {
        using var folder = new TempFolder();
        await using var host = SourceSender.Start(folder, SourceSender.Settings);
        (await SendAsync(host, HttpMethod.Post, "", """{"source":"courier"}""")).ShouldBe(HttpStatusCode.OK);
        using var answer = await host.PostAsync(
            "/v1/sources/courier", """{ "items": [ { "id": "1", "shipment": "s-1", "state": "x" } ] }""");
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        var other = await host.Client.AcceptedAsync(_webhooks.Next() with { MerchantId = "m-1" });

        await host.Client.StatusAsync(other, "processed");

        (await host.Client.EventAsync("courier.1")).Text("status").ShouldBe("pending");
        var pause = (await host.Client.GetAsync($"{GatewayClient.BasePath}/pauses")).GetProperty("items")[0];
        (pause.Text("source"), pause.Text("merchantId")).ShouldBe(("courier", null));
        (await SendAsync(host, HttpMethod.Delete, "", null)).ShouldBe(HttpStatusCode.OK, "another scope");
        (await SendAsync(host, HttpMethod.Delete, "?source=courier", null)).ShouldBe(HttpStatusCode.OK);
        await host.Client.StatusAsync("courier.1", "processed");
        var audit = (await host.Client.GetAsync($"{GatewayClient.BasePath}/audit")).GetProperty("items");
        audit.EnumerateArray().Select(record => (record.Text("what"), record.Text("result"))).ShouldBe(
            [("source courier", "done"), ("all merchants", "was not paused"), ("source courier", "done")]);
    }

    [Fact]
    public async Task Pause_of_a_merchant_at_a_source_holds_its_events_of_that_source_alone()
    {
        await using var host = GatewayHost.Start();
        (await SendAsync(host, HttpMethod.Post, "", """{"source":"gateway","merchantId":"m-1"}""")).ShouldBe(HttpStatusCode.OK);
        (await SendAsync(host, HttpMethod.Post, "", """{"source":"courier","merchantId":"m-2"}""")).ShouldBe(HttpStatusCode.OK);
        var held = await host.Client.AcceptedAsync(_webhooks.Next() with { MerchantId = "m-1" });
        var other = await host.Client.AcceptedAsync(_webhooks.Next() with { MerchantId = "m-2" });

        await host.Client.StatusAsync(other, "processed");

        (await host.Client.EventAsync(held)).Text("status").ShouldBe("pending");
        (await SendAsync(host, HttpMethod.Delete, "?source=gateway&merchantId=m-1", null)).ShouldBe(HttpStatusCode.OK);
        await host.Client.StatusAsync(held, "processed");
    }

    [Fact]
    public async Task Invalid_scope_is_answered_400()
    {
        await using var host = GatewayHost.Start();

        (await SendAsync(host, HttpMethod.Post, "", """{"merchantId":" "}""")).ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync(host, HttpMethod.Post, "", """{"source":"EasyPost"}""")).ShouldBe(HttpStatusCode.BadRequest);
        (await SendAsync(host, HttpMethod.Post, "", """{"merchant":"m-1"}""")).ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Pause_of_a_51st_merchant_is_answered_400_with_the_field()
    {
        await using var host = GatewayHost.Start();
        for (var i = 1; i <= 50; i++)
            (await SendAsync(host, HttpMethod.Post, "", $$"""{"merchantId":"m-{{i}}"}""")).ShouldBe(HttpStatusCode.OK);

        var (status, problem) = await host.Client.RejectedAsync(Request(HttpMethod.Post, "", """{"merchantId":"m-51"}"""));

        status.ShouldBe(400);
        problem.GetProperty("errors").GetProperty("merchantId")[0].GetString()
            .ShouldBe("merchantId is one too many: at most 50 sources and merchants can be paused, pause all instead");
        (await SendAsync(host, HttpMethod.Post, "", """{"merchantId":"m-50"}""")).ShouldBe(HttpStatusCode.OK, "paused already");
        (await SendAsync(host, HttpMethod.Post, "", "{}")).ShouldBe(HttpStatusCode.OK, "all merchants");
        (await SendAsync(host, HttpMethod.Delete, "?merchantId=m-1", null)).ShouldBe(HttpStatusCode.OK);
        (await SendAsync(host, HttpMethod.Post, "", """{"merchantId":"m-51"}""")).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<HttpStatusCode> SendAsync(GatewayHost host, HttpMethod method, string query, string? body)
    {
        using var request = Request(method, query, body);
        using var response = await host.Client.Http.SendAsync(request);
        return response.StatusCode;
    }

    private static HttpRequestMessage Request(HttpMethod method, string query, string? body)
        => new(method, $"{GatewayClient.BasePath}/pauses{query}")
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
        };
}
