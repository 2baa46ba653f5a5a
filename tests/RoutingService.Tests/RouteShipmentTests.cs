using System.Net;
using Bogus;

namespace Gateway.RoutingService.Tests;

public sealed class RouteShipmentTests
{
    private readonly Faker _fake = new() { Random = new Randomizer(4711) };

    [Fact]
    public async Task Response_has_the_members_of_the_original_in_order()
    {
        await using var stub = await StubHost.StartAsync();

        using var response = await stub.PostAsync();

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        (await response.Content.ReadAsStringAsync()).ShouldBe(
            """{"routed":true,"routeId":"RoID-""" +
            $$"""{{stub.Time.GetUtcNow().ToUnixTimeMilliseconds()}}","processedAt":"2026-03-04T05:06:07.089Z"}""");
    }

    [Fact]
    public async Task Repeated_key_gets_the_same_route_id()
    {
        await using var stub = await StubHost.StartAsync();
        var key = _fake.Random.AlphaNumeric(12);

        var first = await stub.RouteIdOfAsync(key);
        stub.Time.Advance(TimeSpan.FromMinutes(1));

        (await stub.RouteIdOfAsync(key)).ShouldBe(first);
    }

    [Theory]
    [InlineData("fast-couriers.evt-1", "RoID-7370062353252")]
    [InlineData("a.b", "RoID-2767042986667")]
    public async Task Route_id_depends_on_the_key_only_and_survives_a_restart(string key, string routeId)
    {
        await using var stub = await StubHost.StartAsync();

        (await stub.RouteIdOfAsync(key)).ShouldBe(routeId);
    }

    [Fact]
    public async Task Different_keys_get_different_route_ids_of_thirteen_digits()
    {
        await using var stub = await StubHost.StartAsync();
        var keys = Enumerable.Range(0, 50).Select(_ => _fake.Random.AlphaNumeric(12)).Distinct().ToList();

        var routes = await Task.WhenAll(keys.Select(stub.RouteIdOfAsync));

        routes.ShouldBeUnique();
        routes.ShouldAllBe(route => System.Text.RegularExpressions.Regex.IsMatch(route, @"^RoID-\d{13}$"));
    }

    [Fact]
    public async Task Route_id_without_a_key_is_the_time()
    {
        await using var stub = await StubHost.StartAsync();

        var first = await stub.RouteIdOfAsync();
        stub.Time.Advance(TimeSpan.FromMilliseconds(1));
        var second = await stub.RouteIdOfAsync(" ");

        second.ShouldBe($"RoID-{stub.Time.GetUtcNow().ToUnixTimeMilliseconds()}");
        second.ShouldNotBe(first);
    }

    [Fact]
    public async Task Response_comes_exactly_after_the_delay()
    {
        await using var stub = await StubHost.StartAsync(("DelayMs", "2000"));

        var answer = stub.PostAsync();
        await stub.Time.TimerRunsAsync(TimeSpan.FromSeconds(2));
        stub.Time.Advance(TimeSpan.FromMilliseconds(1_999));
        answer.IsCompleted.ShouldBeFalse();
        stub.Time.Advance(TimeSpan.FromMilliseconds(1));

        using var response = await answer;
        (await response.Content.ReadAsStringAsync()).ShouldContain("\"processedAt\":\"2026-03-04T05:06:09.089Z\"");
    }

    [Theory]
    [InlineData("text/plain", "not json")]
    [InlineData("application/json", "{broken")]
    [InlineData(null, "")]
    public async Task Any_body_is_accepted(string? contentType, string body)
    {
        await using var stub = await StubHost.StartAsync();
        using var content = new StringContent(body);
        content.Headers.ContentType = contentType is null ? null : new(contentType);

        using var response = await stub.Client.PostAsync("/V1/Routing-Service/", content);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("POST", "/v1/routing-service")]
    [InlineData("GET", "/v1/routing-service/stats")]
    [InlineData("GET", "/v1/routing-service/stats/keys")]
    public async Task Disabled_stub_answers_404(string method, string path)
    {
        await using var stub = await StubHost.StartAsync(("Enabled", "false"), ("RememberKeys", "true"));
        using var request = new HttpRequestMessage(
            new HttpMethod(method), path) { Headers = { { "X-Api-Key", StubHost.OperatorKey } } };

        using var response = await stub.Client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }
}
