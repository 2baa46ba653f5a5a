using System.Net.Http.Json;
using System.Text.Json;
using Gateway.EventsGateway.Tests.EndToEnd;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;

/// <summary>The x-request-id of an answer finds its event or its rejection.</summary>
public sealed class AnswerIdTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    private const string Header = "x-request-id";

    [Theory]
    [InlineData("sender-7:a/b=")]
    [InlineData(null)]
    public async Task Accepted_event_is_found_by_the_id_of_its_answer(string? sent)
    {
        var webhook = new Webhooks().Next() with { EventId = $"request {sent}" };
        using var request = gateway.Client.SignedRequest(webhook.ToBytes());
        if (sent is not null) request.Headers.Add(Header, sent);

        using var answer = await gateway.Client.Http.SendAsync(request);
        var id = answer.Headers.GetValues(Header).Single();
        var key = await answer.AcceptedKeyAsync();

        if (sent is not null) id.ShouldBe(sent);
        await gateway.Client.StatusAsync(key, "processed");
        (await gateway.Client.EventAsync(key)).GetProperty("requestId").GetString().ShouldBe(id);
        (await ItemsAsync($"events?requestId={Uri.EscapeDataString(id)}")).Single().GetProperty("key").GetString().ShouldBe(key);
    }

    [Theory]
    [InlineData("sender-8", true)]
    [InlineData("<b>not plain</b>", false)]
    [InlineData(null, false)]
    public async Task Rejection_is_found_by_the_id_of_its_answer(string? sent, bool isTaken)
    {
        using var request = gateway.Client.SignedRequest("{"u8.ToArray());
        if (sent is not null) request.Headers.TryAddWithoutValidation(Header, sent);

        using var answer = await gateway.Client.Http.SendAsync(request);
        var id = answer.Headers.GetValues(Header).Single();

        ((int)answer.StatusCode).ShouldBe(400);
        (id == sent).ShouldBe(isTaken);
        (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("requestId").GetString().ShouldBe(id);
        (await ItemsAsync($"rejections?requestId={Uri.EscapeDataString(id)}")).Single()
            .GetProperty("reason").GetString().ShouldBe("malformed_body");
    }

    [Theory]
    [InlineData("GET", "/health", 200)]
    [InlineData("GET", "/nope", 404)]
    [InlineData("GET", GatewayClient.BasePath + "/events?nope=1", 400)]
    public async Task Every_other_answer_has_an_id(string method, string path, int status)
    {
        using var answer = await gateway.Client.Http.SendAsync(new(new HttpMethod(method), path));

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Headers.GetValues(Header).Single().ShouldNotBeEmpty();
    }

    /// <summary>The original answers 404 on its own paths; the paths of the operator API are not among them.</summary>
    [Theory]
    [InlineData("GET", GatewayClient.BasePath, 404, null)]
    [InlineData("PUT", GatewayClient.BasePath + "/", 404, null)]
    [InlineData("POST", "/health", 404, null)]
    [InlineData("DELETE", "/", 404, null)]
    [InlineData("DELETE", GatewayClient.BasePath + "/rejections", 405, "GET")]
    [InlineData("GET", GatewayClient.BasePath + "/replays", 405, "POST")]
    public async Task Other_verb_is_answered_404_on_a_path_of_the_original_and_405_elsewhere(
        string method, string path, int status, string? allow)
    {
        var (answered, problem) = await gateway.Client.RejectedAsync(new(new HttpMethod(method), path));

        answered.ShouldBe(status);
        problem.GetProperty("detail").GetString().ShouldBe(
            allow is null ? "webhooks are accepted by POST /v1/events-gateway" : $"allowed: {allow}");
    }

    private async Task<List<JsonElement>> ItemsAsync(string path)
        => [.. (await gateway.Client.GetAsync($"{GatewayClient.BasePath}/{path}")).GetProperty("items").EnumerateArray()];
}
