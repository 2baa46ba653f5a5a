using System.Text;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.EndToEnd;

/// <summary>Every endpoint has a body limit, and no body without a key or a signature is answered 500.</summary>
public sealed class BodyLimitTests : IAsyncDisposable
{
    private const string Key = "an operator's key";
    private const string Login = "/console/session";
    private const int Mebibyte = 1024 * 1024;

    private readonly GatewayHost _host = GatewayHost.Start(("Operator:ApiKey", Key));

    public static TheoryData<string, int> Limits => new()
    {
        { Login, 4096 },
        { $"{GatewayClient.BasePath}/replays", Mebibyte },
        { $"{GatewayClient.BasePath}/erasures", Mebibyte },
        { $"{GatewayClient.BasePath}/events/dismiss", Mebibyte },
        { $"{GatewayClient.BasePath}/pauses", Mebibyte },
        { $"{GatewayClient.BasePath}/sources/gateway/try", 4 * Mebibyte },
        { GatewayClient.BasePath, 102_400 },
    };

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task Larger_body_is_announced_and_answered_413_before_it_is_read(string path, int limit)
    {
        var answer = await AskAsync(path, $"Expect: 100-continue\r\nContent-Length: {limit + 1}");

        answer.Status.ShouldBe(413);
        answer.Text.ShouldContain("request entity too large");
    }

    [Theory]
    [MemberData(nameof(Limits))]
    public async Task Larger_body_without_a_length_is_answered_413(string path, int limit)
    {
        var chunk = $"{limit + 1:x}\r\n{new string(' ', limit + 1)}\r\n0\r\n\r\n";

        (await AskAsync(path, "Transfer-Encoding: chunked", chunk)).Status.ShouldBe(413);
    }

    [Theory]
    [InlineData("application/json; charset=", "{}", 415)]
    [InlineData("application/json; charset=latin-9", "{}", 415)]
    [InlineData("application/json", "{\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\":1}", 400)]
    [InlineData("application/json", "{\"keys\":{\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\":1}}", 400)]
    [InlineData("application/x-www-form-urlencoded", "a=b", 415)]
    [InlineData("multipart/form-data; boundary=b", "--b\r\n\r\n", 415)]
    public async Task Body_that_MVC_cannot_read_is_answered_4xx(string contentType, string body, int status)
    {
        string[] paths = [Login, .. Limits.Select(row => row.Data.Item1).Where(path => path != GatewayClient.BasePath)];
        foreach (var path in paths)
        {
            var head = $"Content-Type: {contentType}\r\nContent-Length: {body.Length}";

            (await AskAsync(path, head, body)).Status.ShouldBe(status, path);
        }
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("\"a.b\"")]
    public async Task Many_keys_are_one_failure(string key)
    {
        foreach (var path in new[] { "replays", "events/dismiss" })
        {
            var body = $"{{\"keys\":[{string.Join(',', Enumerable.Repeat(key, 10_001))}]}}";

            var answer = await AskAsync($"{GatewayClient.BasePath}/{path}", $"Content-Length: {body.Length}", body);

            answer.Status.ShouldBe(400);
            answer.Text.ShouldContain("{\"keys\":[\"keys must be at most 10000\"]}");
        }
    }

    [Fact]
    public async Task Wrong_keys_are_one_failure()
    {
        var body = "{\"keys\":[\"dhl.1\",null,\"\",\"x\"]}";

        var answer = await AskAsync($"{GatewayClient.BasePath}/replays", $"Content-Length: {body.Length}", body);

        answer.Text.ShouldContain("{\"keys[1]\":[\"keys must contain keys of events only\"]}");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private Task<RawAnswer> AskAsync(string path, string head, string body = "")
    {
        var type = head.Contains("Content-Type", StringComparison.Ordinal) ? "" : "Content-Type: application/json\r\n";
        return RawConnection.AskAsync(
            _host.Address,
            Encoding.Latin1.GetBytes(
                $"POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nX-Api-Key: {Key}\r\n{type}{head}\r\n\r\n"),
            Encoding.Latin1.GetBytes(body));
    }
}
