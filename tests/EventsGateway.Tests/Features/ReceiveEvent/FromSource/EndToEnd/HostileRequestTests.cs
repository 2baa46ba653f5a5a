using System.Net;
using System.Text;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.FromSource.EndToEnd;

/// <summary>What a caller must not get: an echo that a browser reads as markup, or an event without a proof.</summary>
public sealed class HostileRequestTests : IDisposable
{
    private const string Target = "/v1/sources/courier";

    private const string Settings = """
        { "courier": {
            "Preset": "token", "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "a-token-of-the-sender" }],
            "Verify": { "Signature": "{header.X-Token}" },
            "Handshakes": [
              { "When": { "Query": "check" },
                "Answer": { "Status": 200, "Body": "{query.check}", "ContentType": "text/plain" } },
              { "When": { "Body": { "Value": "$.kind", "Is": ["verify"] } },
                "Answer": { "Status": 200, "Body": "{$.challenge}", "ContentType": "text/plain" } }],
            "Answer": { "Status": 200, "Body": "{$.note?}", "ContentType": "text/plain" },
            "Map": { "Id": "$.id", "Shipment": "$.shipment", "Type": "$.state" } },
          "claims": {
            "Merchant": "m-1", "Secrets": [{ "Id": "a", "Value": "claims-0123456789abcdef" }],
            "Verify": { "Scheme": "jwt-hs256", "Signature": "{header.X-Jwt}" },
            "Map": { "Shipment": "$.shipment", "Type": "$.state" } } }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("abc.DEF-123", 200)]
    [InlineData("<script>alert(1)</script>", 400)]
    [InlineData("<b>", 400)]
    [InlineData("a b", 400)]
    [InlineData("", 400)]
    public async Task Handshake_repeats_a_value_that_cannot_be_markup_and_no_other(string value, int status)
    {
        await using var host = SourceSender.Start(_folder, Settings);

        using var query = await host.Client.Http.GetAsync($"{Target}?check={Uri.EscapeDataString(value)}");
        using var body = await host.PostAsync(Target, $$"""{ "kind": "verify", "challenge": "{{value}}" }""", token: null);

        foreach (var answer in new[] { query, body })
        {
            ((int)answer.StatusCode).ShouldBe(status);
            if (status == 200) await ShouldBePlainAsync(answer, value);
            else (await answer.Content.ReadAsStringAsync()).ShouldNotContain('<');
        }

        (await host.Client.CountsAsync()).GetProperty("accepted").GetInt64().ShouldBe(0);
    }

    [Fact]
    public async Task Answer_to_an_accepted_request_leaves_out_a_value_that_could_be_markup()
    {
        await using var host = SourceSender.Start(_folder, Settings);

        using var answer = await host.PostAsync(
            Target, """{ "id": "1", "shipment": "s", "state": "x", "note": "<script>alert(1)</script>" }""");

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        await ShouldBePlainAsync(answer, "");
    }

    [Theory]
    [InlineData(SourceSender.Token, SourceSender.Token)]
    [InlineData(SourceSender.Token, "another token")]
    [InlineData("another token", SourceSender.Token)]
    public async Task Second_header_line_of_a_proof_is_401(params string[] proofs)
    {
        await using var host = SourceSender.Start(_folder, Settings);

        (await StatusAsync(host, Target, "X-Token", proofs)).ShouldBe(401);
    }

    [Theory]
    [InlineData("""{"alg":"none"}""")]
    [InlineData("""{"alg":"HS256"}""")]
    public async Task JWT_without_a_signature_is_401(string header)
    {
        await using var host = SourceSender.Start(_folder, Settings);
        var token = $"{Base64(header)}.{Base64("{}")}";

        (await StatusAsync(host, "/v1/sources/claims", "X-Jwt", $"{token}.")).ShouldBe(401);
        (await StatusAsync(host, "/v1/sources/claims", "X-Jwt", token)).ShouldBe(401);
    }

    private static async Task ShouldBePlainAsync(HttpResponseMessage answer, string text)
    {
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/plain");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Content-Security-Policy").ShouldBe(["default-src 'none'; sandbox"]);
        (await answer.Content.ReadAsStringAsync()).ShouldBe(text);
    }

    /// <summary>Each value in a line of its own; the body would be accepted.</summary>
    private static async Task<int> StatusAsync(GatewayHost host, string target, string header, params string[] values)
    {
        const string body = """{"id":"1","shipment":"s","state":"x"}""";
        var lines = string.Concat(values.Select(value => $"{header}: {value}\r\n"));
        var head = $"POST {target} HTTP/1.1\r\nHost: g\r\nConnection: close\r\nContent-Length: {body.Length}\r\n{lines}\r\n";
        var answer = await RawConnection.AskAsync(host.Address, Encoding.ASCII.GetBytes(head), Encoding.ASCII.GetBytes(body));
        return answer.Status;
    }

    private static string Base64(string text)
        => Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
