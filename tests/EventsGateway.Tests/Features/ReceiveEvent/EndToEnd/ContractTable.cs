using System.Text;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;

/// <summary>A request and its answer according to the contract.</summary>
internal sealed record ContractRow(string Name, Func<GatewayClient, HttpRequestMessage> Ask, int Status, string Message)
{
    /// <summary>The <c>error</c> member of the RabbitMQ original, for some statuses; null where it must be absent.</summary>
    public string? Error { get; init; }

    public string[] Fields { get; init; } = [];

    /// <summary>What the NestJS original answered instead, where the difference is intended.</summary>
    public string? Deviation { get; init; }
}

/// <summary>The error answers of the wire contract.</summary>
internal static class ContractTable
{
    private const string UnsupportedMedia = "Only application/json in UTF-8 without Content-Encoding is accepted";
    private const string NotJson = "The body is not valid JSON";

    private static readonly string[] AllFields =
        ["eventId", "merchantId", "occurredAt", "payload", "shipmentId", "shippingCompanyId", "type"];

    private static readonly byte[] Valid = new Webhooks().Next().ToBytes();

    public static IReadOnlyList<ContractRow> Rows { get; } =
    [
        new("no signature", c => Without(c, Signature.Header), 401, "Missing signature") { Error = "Unauthorized" },
        new("empty signature", c => Signed(c, ""), 401, "Missing signature") { Error = "Unauthorized" },
        new("signature of another body", c => Signed(c, Signature.Of("{}"u8, GatewayHost.Secret)), 401, "Invalid signature")
            { Error = "Unauthorized" },
        new(
            "signature with another secret", c => Signed(c, Signature.Of(Valid, "change-me-in-production")),
            401, "Invalid signature")
            { Error = "Unauthorized" },
        new(
            "signature with a prefix", c => Signed(c, $"sha256={Signature.Of(Valid, GatewayHost.Secret)}"),
            401, "Invalid signature")
            { Error = "Unauthorized" },
        new("fields of no use", c => c.SignedRequest("{}"u8.ToArray()), 400, "Bad Request")
            { Fields = AllFields, Deviation = "the fields are named (S8)" },
        new("an array", c => c.SignedRequest("[]"u8.ToArray()), 400, "Bad Request")
            { Fields = ["body"], Deviation = "the body is named (S8)" },
        new("a text", c => c.SignedRequest("\"x\""u8.ToArray()), 400, "Bad Request")
            { Fields = ["body"], Deviation = "V8's text, with error: only an object or an array was JSON to it" },
        new("an array that does not end", c => c.SignedRequest("[1"u8.ToArray()), 400, NotJson)
            { Error = "Bad Request", Deviation = "a fixed text instead of V8's" },
        new("broken JSON", c => c.SignedRequest("{\"eventId\":"u8.ToArray()), 400, NotJson)
            { Error = "Bad Request", Deviation = "a fixed text instead of V8's" },
        new("broken JSON without a signature", c => Without(c, Signature.Header, "{"), 401, "Missing signature")
            { Error = "Unauthorized", Deviation = "400 before the signature was looked at (S9)" },
        new("no body, signed as empty", c => c.SignedRequest([]), 400, NotJson) { Error = "Bad Request" },
        new(
            "invalid UTF-8", c => c.SignedRequest([.. "{\"eventId\":\""u8, 0xC3, 0x28, .. "\"}"u8]),
            400, "The body is not valid UTF-8")
            { Error = "Bad Request", Deviation = "the original replaced what it could not read" },
        new("depth over 64", c => c.SignedRequest(Nested(70)), 400, NotJson)
            { Error = "Bad Request", Deviation = "the original had no limit" },
        new("102,401 bytes", c => c.SignedRequest(Padded(102_401)), 413, "request entity too large")
            { Deviation = "N2 answered 500 (B13)" },
        new(
            "102,401 bytes without a signature", c => Without(c, Signature.Header, new string(' ', 102_401)),
            413, "request entity too large"),
        new("text/plain", c => Typed(c, "text/plain"), 415, UnsupportedMedia) { Deviation = "N2 answered 500 (B14)" },
        new("a form", c => Typed(c, "application/x-www-form-urlencoded"), 415, UnsupportedMedia)
            { Deviation = "the original parsed forms with nested keys" },
        new("no content type", c => Typed(c, null), 415, UnsupportedMedia) { Deviation = "N2 answered 500" },
        new("unknown charset", c => Typed(c, "application/json; charset=bogus"), 415, UnsupportedMedia)
            { Deviation = "N2 answered 500 (B13)" },
        new("charset UTF-16", c => Typed(c, "application/json; charset=utf-16"), 415, UnsupportedMedia)
            { Deviation = "the original knew more charsets" },
        new("charset Latin-1", c => Typed(c, "application/json; charset=iso-8859-1"), 415, UnsupportedMedia)
            { Deviation = "the original knew more charsets" },
        new("Content-Encoding gzip", c => Encoded(c, "gzip"), 415, UnsupportedMedia) { Deviation = "the original inflated it" },
        new("text/plain signed as {} (R13)", c => Typed(Signed(c, Signature.Of("{}"u8, GatewayHost.Secret)), "text/plain"),
            401, "Invalid signature")
        {
            Error = "Unauthorized", Deviation = "the signature of {} was accepted with any such body",
        },
        new("unknown route", _ => new(HttpMethod.Post, "/nope"), 404, "Cannot POST /nope") { Error = "Not Found" },
        new(
            "path below the ingest path", _ => new(HttpMethod.Post, "/v1/events-gateway/x"),
            404, "Cannot POST /v1/events-gateway/x")
            { Error = "Not Found" },
        new("query in the path", _ => new(HttpMethod.Post, "/nope?a=%20b"), 404, "Cannot POST /nope?a=%20b")
        {
            Error = "Not Found",
        },
        .. new[] { "GET", "PUT", "DELETE", "PATCH", "OPTIONS" }.Select(verb => new ContractRow(
            $"{verb} on the ingest path", _ => new(new HttpMethod(verb), GatewayClient.BasePath),
            404, $"Cannot {verb} /v1/events-gateway")
            { Error = "Not Found" }),
    ];

    private static HttpRequestMessage Without(GatewayClient client, string header, string? body = null)
    {
        var request = client.SignedRequest(body is null ? Valid : Encoding.UTF8.GetBytes(body));
        request.Headers.Remove(header);
        return request;
    }

    private static HttpRequestMessage Signed(GatewayClient client, string signature)
    {
        var request = Without(client, Signature.Header);
        request.Headers.TryAddWithoutValidation(Signature.Header, signature);
        return request;
    }

    private static HttpRequestMessage Typed(GatewayClient client, string? type) => Typed(client.SignedRequest(Valid), type);

    private static HttpRequestMessage Typed(HttpRequestMessage request, string? type)
    {
        request.Content!.Headers.ContentType = null;
        if (type is not null) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        return request;
    }

    private static HttpRequestMessage Encoded(GatewayClient client, string encoding)
    {
        var request = client.SignedRequest(Valid);
        request.Content!.Headers.ContentEncoding.Add(encoding);
        return request;
    }

    private static byte[] Nested(int depth)
        => Encoding.UTF8.GetBytes($"{{\"payload\":{{\"a\":{new string('[', depth)}{new string(']', depth)}}}}}");

    private static byte[] Padded(int length) => [.. Valid, .. Enumerable.Repeat((byte)' ', length - Valid.Length)];
}
