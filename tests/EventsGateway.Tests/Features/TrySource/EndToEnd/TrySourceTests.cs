using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Gateway.EventsGateway.Tests.Features.ReceiveEvent.FromSource.EndToEnd;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.TrySource.EndToEnd;

public sealed class TrySourceTests : IDisposable
{
    private const string Path = "/v1/events-gateway/sources/courier/try";
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

    [Theory]
    [InlineData("other")]
    [InlineData("gateway")]
    public async Task Source_that_is_not_configured_is_404(string name)
    {
        await using var host = SourceSender.Start(_folder, SourceSender.Settings);

        using var answer = await host.Client.Http.PostAsJsonAsync($"/v1/events-gateway/sources/{name}/try", new { body = "" });

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private static async Task<JsonElement> TryAsync(GatewayHost host, object request)
    {
        using var answer = await host.Client.Http.PostAsJsonAsync(Path, request);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
