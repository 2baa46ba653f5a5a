using System.Net;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Pages;

/// <summary>Outside Development, without an operator key, only ingest and health are served.</summary>
public sealed class ProductionTests(ProductionTests.Production production) : IClassFixture<ProductionTests.Production>
{
    [Theory]
    [InlineData("GET", "/api-docs")]
    [InlineData("GET", "/api-docs/")]
    [InlineData("GET", "/api-docs-json")]
    [InlineData("POST", "/v1/routing-service")]
    [InlineData("GET", "/v1/routing-service/stats")]
    [InlineData("GET", "/v1/routing-service/stats/keys")]
    [InlineData("GET", "/v1/events-gateway/events")]
    [InlineData("GET", "/v1/events-gateway/events/counts")]
    [InlineData("GET", "/v1/events-gateway/events/dhl.evt-1")]
    [InlineData("POST", "/v1/events-gateway/replays")]
    [InlineData("GET", "/v1/events-gateway/rejections")]
    [InlineData("GET", "/v1/events-gateway/failures")]
    [InlineData("GET", "/console")]
    [InlineData("GET", "/console/assets/console.css")]
    [InlineData("GET", "/console/session")]
    [InlineData("POST", "/console/session")]
    [InlineData("GET", "/console/live")]
    [Trait("Defect", "B25")]
    public async Task Operator_routes_are_404_in_production_without_a_key(string method, string path)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(method), path) { Content = new StringContent("{}", null, "application/json") };

        using var answer = await production.Gateway.Client.Http.SendAsync(request);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/health")]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_is_served_in_production(string path)
    {
        using var answer = await production.Gateway.Client.Http.GetAsync(path);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    [Trait("Defect", "B11")]
    public async Task Only_signed_webhooks_are_accepted_in_production()
    {
        using var unsigned = await production.Gateway.Client.Http.PostAsync(
            GatewayClient.BasePath, new ByteArrayContent(new Webhooks().Next().ToBytes()));
        using var signed = await production.Gateway.Client.PostSignedAsync(new Webhooks().Next());

        unsigned.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        signed.StatusCode.ShouldBe(HttpStatusCode.Accepted);
    }

    public sealed class Production : IAsyncLifetime
    {
        private readonly TempFolder _folder = new();

        public GatewayProcess Gateway { get; private set; } = null!;

        public async ValueTask InitializeAsync()
            => Gateway = await GatewayProcess.StartAsync(
                _folder.Path, ("ASPNETCORE_ENVIRONMENT", "Production"), ("ROUTING_SERVICE_URL", "http://127.0.0.1:9/route"));

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            _folder.Dispose();
        }
    }
}
