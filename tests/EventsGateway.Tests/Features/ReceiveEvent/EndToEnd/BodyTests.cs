using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Tests.EndToEnd;
using Gateway.Shared.Health;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;

public sealed class BodyTests(SharedGateway gateway) : IClassFixture<SharedGateway>
{
    private static readonly byte[] Bom = [0xEF, 0xBB, 0xBF];

    [Fact]
    public async Task Body_of_102400_bytes_is_accepted()
    {
        var webhook = Webhook("exactly-full").ToBytes();

        await AcceptedAsync([.. webhook, .. Enumerable.Repeat((byte)' ', 102_400 - webhook.Length)]);
    }

    [Fact]
    public async Task Chunked_body_is_accepted_and_stored_completely()
    {
        var body = (Webhook("chunked") with { Payload = new { text = new string('x', 50_000) } }).ToBytes();
        using var request = gateway.Client.SignedRequest(body);
        request.Headers.TransferEncodingChunked = true;

        using var answer = await gateway.Client.Http.SendAsync(request);

        (await StoredBodyOf(await answer.AcceptedKeyAsync())).ShouldBe(Encoding.UTF8.GetString(body));
    }

    [Fact]
    public async Task Chunked_body_of_102401_bytes_is_rejected_with_413()
    {
        var request = gateway.Client.SignedRequest(new byte[102_401]);
        request.Headers.TransferEncodingChunked = true;

        (await gateway.Client.RejectedAsync(request)).Status.ShouldBe(413);
    }

    [Fact]
    public async Task Body_of_several_megabytes_is_rejected_with_413()
    {
        var request = gateway.Client.SignedRequest(new byte[5_000_000]);
        request.Headers.ExpectContinue = true;

        (await gateway.Client.RejectedAsync(request)).Status.ShouldBe(413);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/json; version=1")]
    public async Task JSON_in_UTF8_is_accepted(string type)
    {
        using var request = gateway.Client.SignedRequest(Webhook($"type {type}").ToBytes());
        request.Content!.Headers.Remove("Content-Type");
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var answer = await gateway.Client.Http.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(202);
    }

    [Fact]
    public async Task Byte_order_mark_is_tolerated_and_stored()
    {
        byte[] body = [.. Bom, .. Webhook("bom").ToBytes()];

        (await StoredBodyOf(await AcceptedAsync(body))).ShouldBe(Encoding.UTF8.GetString(body));
    }

    [Fact]
    [Trait("Defect", "B16")]
    public async Task Payload_key_constructor_is_accepted()
    {
        var key = await AcceptedAsync(WithPayload("b16", """{"constructor":{"name":"x"},"__proto__":{"a":1},"toString":null}"""));

        await gateway.Client.StatusAsync(key, "processed");
    }

    [Fact]
    [Trait("Defect", "S6")]
    public async Task Numbers_are_stored_with_every_digit()
    {
        var body = WithPayload("s6", """{"big":12345678901234567890,"one":1.0,"tiny":1e-400,"huge":1e999,"spaced" :  [ 1 ]}""");

        (await StoredBodyOf(await AcceptedAsync(body))).ShouldBe(Encoding.UTF8.GetString(body));
    }

    [Fact]
    public async Task Unknown_fields_are_accepted_and_stored_in_the_body()
    {
        var text = Encoding.UTF8.GetString(Webhook("unknown").ToBytes()).Insert(1, "\"courierHint\":{\"a\":[1]},");

        (await StoredBodyOf(await AcceptedAsync(Encoding.UTF8.GetBytes(text)))).ShouldContain("courierHint");
    }

    [Theory]
    [InlineData("\\ud800")]
    [InlineData("\\udfff")]
    [InlineData("weigh\\ud800")]
    [InlineData("\\u0000")]
    [InlineData("$where")]
    [InlineData("")]
    public async Task Unusual_payload_key_is_accepted_and_processed(string name)
    {
        var key = await AcceptedAsync(WithPayload($"strange {name}", $$"""{"{{name}}":1,"origin":"\ud800","weight":2}"""));

        (await gateway.Client.StatusAsync(key, "processed")).Text("outcome").ShouldBe("routed");
    }

    [Fact]
    public async Task Payload_of_the_maximum_depth_is_processed()
    {
        var deep = $$"""{"origin":{{new string('[', 62)}}{{new string(']', 62)}}}""";

        await gateway.Client.StatusAsync(await AcceptedAsync(WithPayload("deep", deep)), "processed");
    }

    [Theory]
    [InlineData("user-agent", "courier/1.0")]
    [InlineData("x-request-id", "r-1")]
    public async Task Only_configured_headers_are_stored_and_never_the_signature(string name, string value)
    {
        using var request = gateway.Client.SignedRequest(Webhook($"header {name}").ToBytes());
        request.Headers.Add(name, value);
        request.Headers.Add("x-secret", "hush");

        using var answer = await gateway.Client.Http.SendAsync(request);
        var kept = (await gateway.Client.EventAsync(await answer.AcceptedKeyAsync())).GetProperty("headers");

        kept.EnumerateObject().Select(header => (header.Name, header.Value.GetString())).ShouldBe([(name, value)]);
    }

    private static Webhook Webhook(string eventId) => new Webhooks().Next() with { EventId = eventId };

    private static byte[] WithPayload(string eventId, string payload)
    {
        var body = Encoding.UTF8.GetString((Webhook("id") with { Payload = "here" }).ToBytes());
        var id = eventId.Replace("\\", "/", StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(body
            .Replace("\"eventId\":\"id\"", $"\"eventId\":\"{id}\"", StringComparison.Ordinal)
            .Replace("\"here\"", payload, StringComparison.Ordinal));
    }

    private async Task<string> AcceptedAsync(byte[] body)
    {
        using var answer = await gateway.Client.PostSignedAsync(body);
        return await answer.AcceptedKeyAsync();
    }

    private async Task<string> StoredBodyOf(string key) => (await gateway.Client.EventAsync(key)).Text("body")!;
}
