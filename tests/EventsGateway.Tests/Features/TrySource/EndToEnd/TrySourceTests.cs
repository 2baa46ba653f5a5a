using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.EventsGateway.Tests.Features.ReceiveEvent.FromSource.EndToEnd;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.TrySource.EndToEnd;

public sealed class TrySourceTests : IDisposable
{
    private const string Path = "/v1/events-gateway/sources/courier/try";
    private const string BuiltIn = "/v1/events-gateway/sources/gateway/try";
    private const string Body = """{ "items": [ { "id": "1", "shipment": "s-1", "state": "done" }, { "id": "2" } ] }""";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Try_shows_the_events_and_stores_and_counts_nothing()
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);

        var tried = await TryAsync(host, new { headers = new { X_Token = "" }, body = Body });
        var right = await TryAsync(
            host, new { headers = new Dictionary<string, string> { ["X-Token"] = SourceSender.Token }, body = Body });

        (tried.Text("result"), tried.Text("rejection")).ShouldBe(
            ("rejected", "401: the signature is missing, empty or was sent more than once"));
        (right.Text("result"), right.Text("proof"), right.GetProperty("signature").Text("secretId"))
            .ShouldBe(("unmapped", "identity only", "a"));
        var events = right.GetProperty("mapping").GetProperty("events").EnumerateArray().ToList();
        (events[0].Text("key"), events[0].Text("type"), events[0].GetProperty("known").GetBoolean())
            .ShouldBe(("courier.1", "SHIPMENT_DELIVERED", false));
        events[1].Text("error")!.ShouldContain("$.shipment is missing");
        right.ToString().ShouldNotContain(SourceSender.Token);
        (await host.Client.CountsAsync()).GetProperty("accepted").GetInt64().ShouldBe(0);
        var source = await host.Client.GetAsync("/v1/events-gateway/sources/courier");
        (source.GetProperty("failuresInARow").GetInt64(), source.Text("lastRequestAt")).ShouldBe((0, null));
        (await host.Client.GetAsync("/v1/events-gateway/rejections")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Event_that_was_accepted_is_known()
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);
        using var answer = await host.PostAsync("/v1/sources/courier", Body);
        await host.Client.StatusAsync("courier.1", "processed");

        var tried = await TryAsync(
            host, new { headers = new Dictionary<string, string[]> { ["x-token"] = [SourceSender.Token] }, body = Body });

        tried.GetProperty("mapping").GetProperty("events")[0].GetProperty("known").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{ "body": "{long}" }""", "body")]
    [InlineData("""{ "method": "PUT" }""", "method")]
    [InlineData("""{ "headers": { "X-Token": 7 } }""", "headers.X-Token")]
    [InlineData("""{ "query": { "a": ["1", null] } }""", "query.a")]
    public async Task Request_that_cannot_be_tried_is_400_and_names_the_field(string request, string field)
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);
        var json = request.Replace("{long}", new string('x', (1024 * 1024) + 1));

        var (status, problem) = await host.Client.RejectedAsync(new HttpRequestMessage(HttpMethod.Post, Path)
        {
            Content = new StringContent(json, null, "application/json"),
        });

        status.ShouldBe(400);
        problem.FieldsWithErrors().ShouldBe([field]);
    }

    [Fact]
    public async Task Built_in_source_is_tried_with_the_same_answer()
    {
        await using var host = GatewayHost.Start();
        var webhook = new Webhooks().Next();
        using var signed = host.Client.SignedRequest(webhook.ToBytes());
        var body = await signed.Content!.ReadAsStringAsync();
        var headers = signed.Headers.Concat(signed.Content.Headers).ToDictionary(one => one.Key, one => one.Value.Single());

        var right = await TryAsync(host, new { headers, body }, BuiltIn);
        await host.Client.StatusAsync(await host.Client.AcceptedAsync(webhook), "processed");
        var repeated = await TryAsync(host, new { headers, body }, BuiltIn);
        var unsigned = await TryAsync(host, new { body }, BuiltIn);
        headers["x-signature"] = $"sha256={headers["x-signature"]}";
        var prefixed = await TryAsync(host, new { headers, body }, BuiltIn);

        (right.Text("source"), right.Text("path"), right.Text("scheme"), right.Text("proof"), right.Text("result"))
            .ShouldBe(("gateway", "/v1/events-gateway", "hmac-sha256", "signed", "mapped"));
        right.GetProperty("signature").Text("secretId").ShouldBe("default");
        var e = right.GetProperty("mapping").GetProperty("events")[0];
        (e.Text("shipmentId"), e.Text("type"), e.GetProperty("known").GetBoolean())
            .ShouldBe((webhook.ShipmentId, webhook.Type, false));
        repeated.GetProperty("mapping").GetProperty("events")[0].GetProperty("known").GetBoolean().ShouldBeTrue();
        unsigned.Text("rejection").ShouldBe("401: the signature is missing, empty or was sent more than once");
        prefixed.GetProperty("signature").GetProperty("wouldMatch")[0].Text("prefix").ShouldBe("sha256=");
    }

    [Theory]
    [InlineData("""{"eventId":"1"}""", "application/json", "400: merchantId is missing;")]
    [InlineData("not JSON", "application/json", "400: The body is not valid JSON")]
    [InlineData("{}", "text/plain", "415: Only application/json")]
    public async Task Body_that_the_built_in_source_rejects_is_told(string body, string type, string rejection)
    {
        await using var host = GatewayHost.Start();
        var signature = Convert.ToHexStringLower(HMACSHA256.HashData(
            Encoding.UTF8.GetBytes(GatewayHost.Secret), Encoding.UTF8.GetBytes(body)));

        var tried = await TryAsync(
            host, new { headers = new Dictionary<string, string> { ["X-Signature"] = signature, ["Content-Type"] = type }, body },
            BuiltIn);

        tried.Text("result").ShouldBe("rejected");
        tried.Text("rejection")!.ShouldStartWith(rejection);
        (await host.Client.GetAsync("/v1/events-gateway/rejections")).GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Source_that_is_not_configured_is_404()
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);

        using var answer = await host.Client.Http.PostAsJsonAsync("/v1/events-gateway/sources/other/try", new { body = "" });

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<JsonElement> TryAsync(GatewayHost host, object request, string path = Path)
    {
        using var answer = await host.Client.Http.PostAsJsonAsync(path, request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
