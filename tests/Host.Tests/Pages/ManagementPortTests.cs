using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Pages;

/// <summary>A process outside Development with a management port.</summary>
public sealed class ManagementPortTests(ManagementPortTests.TwoPorts gateway) : IClassFixture<ManagementPortTests.TwoPorts>
{
    private const string Key = "a key that operators know";

    [Theory]
    [InlineData("GET", "/v1/events-gateway/events", 404, 200)]
    [InlineData("GET", "/v1/events-gateway/pauses", 404, 200)]
    [InlineData("PUT", "/v1/events-gateway/pauses", 404, 405)]
    [InlineData("GET", "/console", 404, 200)]
    [InlineData("GET", "/console/session", 404, 200)]
    [InlineData("GET", "/metrics", 404, 200)]
    [InlineData("GET", "/v1/routing-service/stats", 404, 404)]
    [InlineData("POST", "/v1/events-gateway", 401, 404)]
    [InlineData("POST", "/v1/sources/none", 404, 404)]
    [InlineData("GET", "/docs/senders", 200, 404)]
    [InlineData("GET", "/health", 200, 200)]
    [InlineData("GET", "/health/live", 200, 200)]
    [InlineData("GET", "/health/ready", 200, 200)]
    public async Task Each_endpoint_answers_on_its_port(string verb, string path, int open, int management)
    {
        (await StatusAsync(gateway.Open, verb, path)).ShouldBe(open);
        (await StatusAsync(gateway.Management, verb, path)).ShouldBe(management);
        // The header Host is chosen by the client.
        (await StatusAsync(gateway.Open, verb, path, gateway.Management.BaseAddress!.Authority)).ShouldBe(open);
    }

    [Fact]
    public async Task Details_of_readiness_are_on_the_management_port_alone()
    {
        (await MembersAsync(gateway.Management, null)).ShouldBe(["status", "version", "checks"]);
        (await MembersAsync(gateway.Open, null)).ShouldBe(["status"]);
        (await MembersAsync(gateway.Open, Key)).ShouldBe(["status"]);
    }

    [Fact]
    public async Task Path_of_the_other_port_is_answered_like_an_unknown_one()
    {
        using var answer = await gateway.Open.PutAsync("/v1/events-gateway/replays", new StringContent("{}"));

        answer.Content.Headers.Allow.ShouldBeEmpty();
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Cannot PUT /v1/events-gateway/replays");
    }

    internal static async Task<IReadOnlyList<string>> MembersAsync(HttpClient client, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/ready");
        if (key is not null) request.Headers.Add("X-Api-Key", key);
        using var answer = await client.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return [.. JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.EnumerateObject()
            .Select(member => member.Name)];
    }

    private static async Task<int> StatusAsync(HttpClient client, string verb, string path, string? host = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(verb), path);
        request.Headers.Add("X-Api-Key", Key);
        request.Headers.Host = host;
        using var answer = await client.SendAsync(request);
        return (int)answer.StatusCode;
    }

    public sealed class TwoPorts : IAsyncLifetime
    {
        private readonly TempFolder _folder = new();
        private GatewayProcess _process = null!;

        public HttpClient Open => _process.Client.Http;

        public HttpClient Management { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            var port = ((IPEndPoint)free.LocalEndpoint).Port;
            free.Stop();
            _process = await GatewayProcess.StartAsync(
                _folder.Path, ("ASPNETCORE_ENVIRONMENT", "Production"), ("ROUTING_SERVICE_URL", "http://127.0.0.1:9/route"),
                ("Gateway__Operator__ApiKey", Key), ("Gateway__App__ManagementPort", $"{port}"));
            Management = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        }

        public async ValueTask DisposeAsync()
        {
            Management.Dispose();
            await _process.DisposeAsync();
            _folder.Dispose();
        }
    }
}
