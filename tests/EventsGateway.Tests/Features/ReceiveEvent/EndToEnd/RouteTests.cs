using System.Net.Http.Json;
using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Tests.EndToEnd;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;

public sealed class RouteTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    private readonly Webhooks _webhooks = new();

    [Theory]
    [InlineData("/v1/events-gateway")]
    [InlineData("/V1/Events-Gateway")]
    [InlineData("/v1/events-gateway/")]
    [InlineData("/v1/EVENTS-GATEWAY/")]
    [InlineData("/v1/events-gateway?source=dhl")]
    public async Task Ingest_path_matches_in_any_case_with_one_trailing_slash(string path)
    {
        using var request = gateway.Client.SignedRequest((_webhooks.Next() with { EventId = path }).ToBytes());
        request.RequestUri = new Uri(path, UriKind.Relative);

        using var answer = await gateway.Client.Http.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(202);
    }

    [Theory]
    [InlineData("/v1/events-gateway")]
    [InlineData("/V1/Events-Gateway")]
    [InlineData("/v1/events-gateway/")]
    [InlineData("/v1/%65vents-gateway")]
    public async Task Every_spelling_of_the_ingest_path_requires_the_signature(string path)
    {
        using var answer = await gateway.Client.Http.PostAsJsonAsync(path, _webhooks.Next());

        ((int)answer.StatusCode).ShouldBe(401);
    }

    [Theory]
    [InlineData("/v1/events-gateway//")]
    [InlineData("//v1/events-gateway")]
    [InlineData("/v1//events-gateway")]
    [InlineData("/v1/events-gateway%2F")]
    public async Task Paths_with_other_slashes_are_not_found(string path)
    {
        var head = RawConnection.Head(0, $"x-signature: {Signature.Of([], GatewayHost.Secret)}");
        var target = System.Text.Encoding.Latin1.GetString(head)
            .Replace("POST /v1/events-gateway ", $"POST {path} ", StringComparison.Ordinal);

        var answer = await RawConnection.AskAsync(gateway.Host.Address, System.Text.Encoding.Latin1.GetBytes(target), []);

        answer.Status.ShouldBe(404);
    }

    [Fact]
    public async Task Accepted_answer_has_exactly_the_body_of_the_original()
    {
        using var answer = await gateway.Client.PostSignedAsync(_webhooks.Next() with { EventId = "exact-body" });

        ((int)answer.StatusCode).ShouldBe(202);
        answer.Content.Headers.ContentType!.ToString().ShouldBe("application/json; charset=utf-8");
        (await answer.Content.ReadAsStringAsync()).ShouldBe("""{"status":"accepted"}""");
        answer.IsReplayed().ShouldBeFalse();
    }

    [Fact]
    public async Task Location_of_an_accepted_answer_is_the_event()
    {
        var webhook = _webhooks.Next() with { EventId = "located" };
        using var answer = await gateway.Client.PostSignedAsync(webhook);

        var location = answer.Headers.Location!.ToString();
        location.ShouldStartWith("/v1/events-gateway/events/");
        var found = await gateway.Client.EventAsync(location.Split('/')[^1]);

        found.Text("eventId").ShouldBe("located");
        found.Text("shippingCompanyId").ShouldBe(webhook.ShippingCompanyId);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health")]
    [InlineData("/HEALTH/")]
    [InlineData("/health/live")]
    public async Task Health_answers_ok(string path)
        => (await gateway.Client.GetAsync(path)).Text("status").ShouldBe("ok");

    [Fact]
    [Trait("Defect", "R18")]
    public async Task Health_answers_the_time_in_milliseconds()
        => (await gateway.Client.GetAsync("/health")).Text("timestamp")!
            .ShouldMatch(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\z");

    [Fact]
    public async Task Root_answers_ok()
        => (await gateway.Client.Http.GetStringAsync("/")).ShouldBe("""{"status":"ok"}""");

    [Fact]
    public async Task Routing_stub_answers_any_body_without_a_signature()
    {
        using var answer = await gateway.Client.Http.PostAsync("/v1/routing-service", new StringContent("anything"));

        ((int)answer.StatusCode).ShouldBe(200);
        var route = await answer.Content.ReadFromJsonAsync<JsonElement>();
        route.GetProperty("routed").GetBoolean().ShouldBeTrue();
        route.Text("routeId").ShouldStartWith("RoID-");
    }
}
