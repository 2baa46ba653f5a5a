using System.Text;
using CsCheck;
using Gateway.TestSupport;

namespace Gateway.Fuzz;

/// <summary>
/// Requests of all kinds from a seed: signed bodies with defects, hostile heads, broken chunks, cut or changed bytes, operator
/// calls with and without the key, logins and cookies.
/// </summary>
internal sealed class RequestGenerator(uint stream, int seed)
{
    public const string OperatorKey = "operator-key-of-the-fuzz-0123456789";

    private const string Ingest = GatewayClient.BasePath;

    private static readonly Gen<string> Hostile = Gen.Frequency(
        (2, Gen.String[Gen.Char.AlphaNumeric, 0, 20]),
        (2, Gen.String[Gen.Char['\u0001', '\u00ff'], 0, 40]),
        (1, Gen.Char.AlphaNumeric.Select(letter => new string(letter, 3_000))),
        (3, Gen.OneOf(
            "", " ", "\t", "%00", "%0d%0aX: y", "..%2f..%2fetc", "\u001b[31mred", "__proto__", "[[[[[[[[[", "{}", "null", "-1",
            "1e999", "9223372036854775808", "\u202egpj", "\u200b", "<script>", "' OR 1=1", "$where", "{header.x}", "é",
            "\u00ff\u00fe", "\0")));

    private static readonly Gen<string> Path = Gen.OneOf(
        Gen.OneOf(
            Ingest, $"{Ingest}/events", $"{Ingest}/rejections", $"{Ingest}/replays", $"{Ingest}/audit", $"{Ingest}/failures",
            $"{Ingest}/sources", $"{Ingest}/processes", "/v1/sources/courier", "/console", "/console/session", "/console/live",
            "/health", "/health/ready", "/metrics", "/", "*"),
        Hostile.Select(text => $"/{text}"), Hostile.Select(text => $"{Ingest}/events/{text}"),
        Hostile.Select(text => $"{Ingest}/events?limit={text}&cursor={text}"),
        Hostile.Select(text => $"{Ingest}/events?lastError={Uri.EscapeDataString(text)}&from={text}"));

    private static readonly Gen<string> Line = Gen.Frequency(
        (3, Gen.Select(
            Gen.OneOf(
                "x-signature", "x-request-id", "traceparent", "tracestate", "user-agent", "cookie", "x-api-key", "content-type",
                "content-encoding", "expect", "accept", "range", "x-forwarded-for", "origin", "authorization"),
            Hostile, (name, value) => $"{name}: {value}")),
        (1, Gen.Select(Hostile, Hostile, (name, value) => $"{name}: {value}")),
        (1, Gen.OneOf(
            ": no name", "no colon", " folded", "Content-Length: -1", "Content-Length: 99999999999999999999",
            "Content-Length: 3, 4", "Transfer-Encoding: gzip, chunked", "Upgrade: websocket", "Host: a\r\nHost: b",
            "Content-Type: application/json; charset=",
            "Cookie: gateway-console=a.b", "Cookie: gateway-console=LjE.AA", "Expect: 100-continue")));

    private static readonly Gen<string> Json = Gen.OneOf(
        Hostile.Select(text => $"{{\"name\":\"{text}\",\"key\":\"{text}\"}}"), Hostile.Select(text => $"{{\"{text}\":1}}"),
        Hostile.Select(text => $"{{\"keys\":[\"{text}\"],\"filter\":{{\"status\":\"{text}\"}}}}"),
        Gen.Int[1, 80].Select(depth => $"{{\"{new string('[', depth)}\":1}}"),
        Gen.Int[1, 400].Select(depth => new string('[', depth)), Hostile);

    private static readonly Gen<string> Chunks = Gen.OneOf(
        Gen.OneOf(
            "80000000\r\nabc", "7fffffff\r\nabc", "ffffffffffffffff\r\nabc", "-1\r\n\r\n", "3;ext=\"\r\nabc\r\n0\r\n\r\n",
            "0\r\n", "\r\n", "5\r\nabc", "3\r\nabcdef", "0\r\nTrailer: x\r\n\r\n"),
        Hostile.Select(text => $"{text}\r\n{text}\r\n0\r\n\r\n"));

    private readonly PCG _random = new(stream, (ulong)seed);
    private readonly MutatedBodies _bodies = new(seed + (int)stream);

    public FuzzedRequest Next() => Take(Gen.Int[0, 9]) switch
    {
        0 or 1 or 2 => Signed(_bodies.Next()),
        3 => Changed(Signed(_bodies.Next()).Bytes),
        4 => Raw(Chunked()),
        5 => WithBody(
            "POST", Take(Gen.OneOf("/console/session", $"{Ingest}/replays", $"{Ingest}/events/dismiss")), Take(Json)),
        6 => WithBody("POST", "/v1/sources/courier", Take(Json)),
        7 => WithBody("GET", Take(Path), ""),
        _ => Raw(Head(
            Take(Gen.OneOf("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "get", "", "\u0001")), Take(Path), "")),
    };

    private T Take<T>(Gen<T> gen) => gen.Generate(_random, null, out _);

    private static FuzzedRequest Signed(byte[] body)
        => new(
            [.. RawConnection.Head(body.Length, $"x-signature: {Signature.Of(body, GatewayHost.Secret)}"), .. body],
            IsWhole: true)
        {
            Signed = body,
        };

    /// <summary>One of its bytes, or all behind one.</summary>
    private FuzzedRequest Changed(byte[] bytes)
    {
        var at = Take(Gen.Int[0, bytes.Length - 1]);
        if (Take(Gen.Bool)) return new FuzzedRequest(bytes[..at], IsWhole: false);
        bytes[at] = Take(Gen.Byte);
        return new FuzzedRequest(bytes, IsWhole: false);
    }

    /// <summary>A head that the server can read, so that the request reaches its endpoint.</summary>
    private FuzzedRequest WithBody(string method, string path, string body)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var type = Take(Gen.OneOf(
            "application/json", "application/json; charset=", "application/json; charset=x", "text/plain", "x"));
        var key = Take(Gen.Bool) ? $"x-api-key: {OperatorKey}\r\n" : "";
        var target = Uri.EscapeDataString(path).Replace("%2F", "/").Replace("%3F", "?").Replace("%3D", "=").Replace("%26", "&");
        var head = $"{method} {target} HTTP/1.1\r\nHost: g\r\nConnection: close\r\nContent-Type: {type}\r\n{key}"
            + $"Content-Length: {bytes.Length}\r\nx-gateway-console: 1\r\n\r\n";
        return new FuzzedRequest([.. Encoding.ASCII.GetBytes(head), .. bytes], IsWhole: path != "/console/live");
    }

    private string Chunked() => $"{Head("POST", Ingest, "Transfer-Encoding: chunked\r\n")}{Take(Chunks)}";

    private string Head(string method, string path, string lines)
        => string.Concat(
            $"{method} {path} {Take(Gen.OneOf("HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/2.0", "HTTP/9", ""))}\r\n",
            $"Host: {Take(Gen.OneOf(Gen.Const("g"), Hostile))}\r\n{lines}",
            string.Concat(Take(Line.Array[0, 5]).Select(line => $"{line}\r\n")), "\r\n");

    private FuzzedRequest Raw(string text)
        => new((Take(Gen.Bool) ? Encoding.UTF8 : Encoding.Latin1).GetBytes(text), IsWhole: false);
}
