using System.Security.Cryptography;
using System.Text;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Tests.Monitoring.EndToEnd;
using Gateway.TestSupport;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.EventsGateway.Tests.Features.ReceiveEvent.EndToEnd;

/// <summary>Requests that the server cannot read, or whose body does not arrive: answered 4xx, counted and listed.</summary>
public sealed class UploadTests : IAsyncDisposable
{
    private const string Chunked = "POST /v1/events-gateway HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

    private readonly GatewayHost _host = GatewayHost.Start(services => services.Configure<KestrelServerOptions>(
        kestrel => kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(1000, TimeSpan.FromSeconds(1.1))));

    private RejectedRequestLog Rejections => _host.Services.GetRequiredService<RejectedRequestLog>();

    [Theory]
    [InlineData("POST /v1/events gateway HTTP/1.1\r\n\r\n", 400, "Invalid request line")]
    [InlineData("hello\r\n\r\n", 400, "Invalid request line")]
    [InlineData("GET /secret-path HTTP/1.1\r\n\r\n", 400, "Request is missing Host header")]
    [InlineData("POST / HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n", 400, "Malformed request: invalid headers")]
    [InlineData(Chunked + "zz\r\nabc", 400, "Bad chunk size data")]
    [InlineData(Chunked + "80000000\r\nabc", 400, "Bad chunk size data")]
    public async Task Request_that_the_server_cannot_read_is_counted_and_listed(string text, int status, string hint)
    {
        using var counted = new Counted(_host);

        (await AskAsync(text)).Status.ShouldBe(status);

        var rejection = await OnlyAsync();
        (rejection.Status, rejection.Reason, rejection.Hint).ShouldBe((status, RejectionReason.BadRequest, hint));
        rejection.RemoteAddress.ShouldBe("127.0.0.1");
        rejection.RequestId.ShouldNotBeEmpty();
        counted[GatewayMetrics.Rejected].ShouldBe(1);
    }

    [Fact]
    public async Task Too_long_headers_are_counted_and_listed()
    {
        (await AskAsync($"POST / HTTP/1.1\r\nHost: x\r\nX-Long: {new string('a', 40_000)}\r\n\r\n")).Status.ShouldBe(431);

        var rejection = await OnlyAsync();
        (rejection.Status, rejection.Reason, rejection.Hint)
            .ShouldBe((431, RejectionReason.BadRequest, "Request headers too long"));
    }

    [Fact]
    public async Task Slow_body_is_answered_408_as_one_that_did_not_arrive()
    {
        using var connection = await RawConnection.OpenAsync(_host.Address);
        await connection.SendAsync((byte[])[.. RawConnection.Head(100, "x-signature: 00"), .. "{\"a\":"u8]);

        var answer = await connection.AnswerAsync();

        answer.Status.ShouldBe(408);
        answer.Text.ShouldContain("\"message\":\"The body did not arrive\"");
        var rejection = await OnlyAsync();
        (rejection.Reason, rejection.BodyBytes, rejection.BodySha256).ShouldBe((RejectionReason.IncompleteBody, 5, null));
        rejection.Hint!.ShouldStartWith("the body did not arrive: 5 bytes came of 100");
    }

    [Theory]
    [InlineData("POST /v1/events-gateway HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"a\":")]
    [InlineData(Chunked + "9\r\n{\"a\":")]
    public async Task Body_that_ends_early_is_listed_once_as_one_that_did_not_arrive(string text)
    {
        var connection = await RawConnection.OpenAsync(_host.Address);
        await connection.SendAsync(Encoding.Latin1.GetBytes(text));
        connection.Reset();

        (await OnlyAsync()).Reason.ShouldBe(RejectionReason.IncompleteBody);
    }

    [Theory]
    [InlineData("X-Shop-Name: Caf\u00e9", "user-agent")]
    [InlineData("User-Agent: Kurier-M\u00fcnchen/2", "Kurier-München/2")]
    [InlineData("User-Agent: Kurier-M\u00c3\u00bcnchen/2", "Kurier-München/2")]
    public async Task Header_in_Latin1_or_UTF8_is_accepted_and_stored_as_text(string line, string stored)
    {
        var body = new Webhooks().Next().ToBytes();
        var signature = $"x-signature: {Signature.Of(body, GatewayHost.Secret)}";

        var answer = await RawConnection.AskAsync(_host.Address, RawConnection.Head(body.Length, signature, line), body);

        answer.Status.ShouldBe(202);
        if (!line.StartsWith("User", StringComparison.Ordinal)) return;
        var events = await Until.TrueAsync(() => _host.Client.EventsAsync(), events => events.Count == 1);
        (await _host.Client.EventAsync(events[0].GetProperty("key").GetString()!)).GetProperty("headers")
            .GetProperty("user-agent").GetString().ShouldBe(stored);
    }

    [Fact]
    public async Task Answer_401_has_length_and_hash_of_what_arrived()
    {
        var request = _host.Client.SignedRequest("{}"u8.ToArray());
        request.Headers.Remove(Signature.Header);
        request.Headers.Add(Signature.Header, Convert.ToBase64String(new byte[32]));

        var (status, problem) = await _host.Client.RejectedAsync(request);

        status.ShouldBe(401);
        problem.GetProperty("detail").GetString().ShouldBe("the signature is base64: 64 hex digits are expected");
        problem.GetProperty("receivedBytes").GetInt32().ShouldBe(2);
        problem.GetProperty("bodySha256").GetString().ShouldBe(Convert.ToHexStringLower(SHA256.HashData("{}"u8)));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private Task<RawAnswer> AskAsync(string text) => RawConnection.AskAsync(_host.Address, Encoding.Latin1.GetBytes(text), []);

    private async Task<RejectedRequest> OnlyAsync()
    {
        await Until.TrueAsync(() => Rejections.Latest(2).Count > 0);
        // Another request on another connection: what the server says of the first one has been said.
        await _host.Client.GetAsync("/health/live");
        return Rejections.Latest(2).ShouldHaveSingleItem();
    }
}
