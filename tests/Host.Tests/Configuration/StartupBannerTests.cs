using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Configuration;

public sealed class StartupBannerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task Development_start_prints_version_console_api_docs_and_a_webhook_that_is_accepted()
    {
        await using var gateway = await GatewayProcess.StartAsync(
            _folder.Path, ("ASPNETCORE_ENVIRONMENT", "Development"), ("Gateway__App__ApiDocs", "true"));
        await Until.TrueAsync(() => gateway.Output.Any(line => line.Contains("/v1/events-gateway/events")));

        gateway.Output.ShouldContain(line => line.StartsWith("Gateway 1.", StringComparison.Ordinal));
        foreach (var name in new[] { "Console", "API docs" })
        {
            var page = gateway.Output.Single(line => line.StartsWith($"  {name} ", StringComparison.Ordinal)).Split(' ')[^1];
            (await gateway.Client.Http.GetStringAsync(page)).ShouldContain("<html", Case.Insensitive);
        }

        var curl = gateway.Output.Single(line => line.Contains("curl -i"));
        using var request = new HttpRequestMessage(HttpMethod.Post, curl.Split(' ').Single(word => word.StartsWith("http")))
        {
            Content = new StringContent(curl.Split('\'')[^2], null, "application/json"),
        };
        request.Headers.Add("x-signature", curl.Split("x-signature: ")[1].Split('\'')[0]);
        using var answer = await gateway.Client.Http.SendAsync(request);
        ((int)answer.StatusCode).ShouldBe(202);
    }

    [Fact]
    public async Task Production_start_prints_no_banner_and_logs_json_lines_on_request()
    {
        await using var gateway = GatewayProcess.Launch(
            _folder.Path,
            ("Gateway__Webhook__Secret", GatewayHost.Secret), ("ROUTING_SERVICE_URL", "http://127.0.0.1:9/route"),
            ("Logging__Console__FormatterName", "json"));
        await Until.TrueAsync(() => gateway.Output.Any(line => line.Contains("\"EventId\":225")));

        var lines = gateway.Output.ToList();
        lines.ShouldNotBeEmpty();
        foreach (var line in lines)
            JsonDocument.Parse(line).RootElement.GetProperty("Category").GetString().ShouldNotBeNullOrEmpty();
        lines.ShouldNotContain(line => line.Contains("curl"));
    }

    public void Dispose() => _folder.Dispose();
}
