using System.Net.Http.Json;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.EndToEnd;

public sealed class AccessTests
{
    private const string Key = "an operator's key";

    public static TheoryData<string, string> Routes =>
        new()
        {
            { "GET", "/v1/events-gateway/events" },
            { "GET", "/v1/events-gateway/events/dhl.1" },
            { "GET", "/v1/events-gateway/events/counts" },
            { "POST", "/v1/events-gateway/replays" },
            { "GET", "/v1/events-gateway/rejections" },
            { "GET", "/v1/events-gateway/failures" },
            { "GET", "/v1/routing-service/stats" },
        };

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Request_without_the_configured_key_is_answered_401(string verb, string route)
    {
        await using var host = GatewayHost.Start(("Operator:ApiKey", Key));

        foreach (var given in new[] { null, "", "wrong", Key.ToUpperInvariant(), Key + "x", $"{Key}, {Key}" })
            (await host.Client.RejectedAsync(Request(verb, route, given))).Status.ShouldBe(401, given);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Request_with_the_configured_key_is_answered(string verb, string route)
    {
        await using var host = GatewayHost.Start(("Operator:ApiKey", Key), (GatewayHost.EnvironmentName, "Production"));

        using var request = Request(verb, route, Key);
        using var answer = await host.Client.Http.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(route.EndsWith("dhl.1", StringComparison.Ordinal) ? 404 : verb == "POST" ? 202 : 200);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task Operator_API_without_a_configured_key_exists_in_Development_only(string verb, string route)
    {
        await using var host = GatewayHost.Start((GatewayHost.EnvironmentName, "Production"));

        var (status, problem) = await host.Client.RejectedAsync(Request(verb, route, Key));

        status.ShouldBe(404);
        problem.Text("message").ShouldBe($"Cannot {verb} {route}");
    }

    [Fact]
    public async Task Ingest_needs_no_operator_key()
    {
        await using var host = GatewayHost.Start(("Operator:ApiKey", Key), (GatewayHost.EnvironmentName, "Production"));

        await host.Client.AcceptedAsync(new Webhooks().Next());
    }

    [Fact]
    [Trait("Defect", "B11")]
    public async Task Unsigned_webhook_is_rejected_in_every_environment()
    {
        foreach (var environment in new[] { "Development", "Test", "Staging", "Production" })
        {
            await using var host = GatewayHost.Start((GatewayHost.EnvironmentName, environment));
            using var answer = await host.Client.Http.PostAsJsonAsync(GatewayClient.BasePath, new Webhooks().Next());
            ((int)answer.StatusCode).ShouldBe(401, environment);
        }
    }

    private static HttpRequestMessage Request(string verb, string route, string? key)
    {
        var request = new HttpRequestMessage(new HttpMethod(verb), route);
        if (verb == "POST") request.Content = JsonContent.Create(new { filter = new { } });
        if (key is not null) request.Headers.TryAddWithoutValidation("X-Api-Key", key);
        return request;
    }
}
