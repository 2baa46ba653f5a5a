using System.Net;
using System.Text;
using System.Text.Json;
using Gateway.TestSupport;

namespace Gateway.Host.Tests.Porting;

/// <summary>Rows of docs/porting/2-differences.md that no other test needs: as the answers on the wire are.</summary>
public sealed class DifferencesTests : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private GatewayProcess? _gateway;

    [Fact]
    public async Task Answers_differ_as_documented()
    {
        _gateway = await GatewayProcess.StartAsync(_folder.Path, ("Gateway__RoutingService__Enabled", "true"));
        var http = _gateway.Client.Http;

        (await http.GetStringAsync("/api-docs-json")).ShouldContain("\"openapi\": \"3.1");
        (await StatusAsync(http.GetAsync("/api-docs-yaml"))).ShouldBe(HttpStatusCode.NotFound);
        (await StatusAsync(http.PostAsync("/v1/routing-service", Json("{")))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(http.SendAsync(_gateway.Client.SignedRequest([.. "{\"eventId\":\""u8, 0xff, .. "\"}"u8]))))
            .ShouldBe(HttpStatusCode.BadRequest);
        using var utf16 = _gateway.Client.SignedRequest(Encoding.Unicode.GetBytes("{}"));
        utf16.Content!.Headers.ContentType!.CharSet = "utf-16";
        (await StatusAsync(http.SendAsync(utf16))).ShouldBe(HttpStatusCode.UnsupportedMediaType);

        using var error = await http.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, GatewayClient.BasePath), HttpCompletionOption.ResponseHeadersRead);
        error.Headers.TransferEncodingChunked.ShouldBe(true);
        (error.Content.Headers.ContentLength, error.Headers.ETag, error.Headers.Contains("X-Powered-By"))
            .ShouldBe((null, null, false));
        error.Headers.Contains("x-request-id").ShouldBeTrue();
        string[] ofOriginal = ["statusCode", "timestamp", "path", "message", "error"];
        ofOriginal.ShouldBeSubsetOf(JsonDocument.Parse(await error.Content.ReadAsStringAsync()).RootElement.EnumerateObject()
            .Select(member => member.Name));
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null) await _gateway.DisposeAsync();
        _folder.Dispose();
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    private static async Task<HttpStatusCode> StatusAsync(Task<HttpResponseMessage> asking)
    {
        using var answer = await asking;
        return answer.StatusCode;
    }
}
