using System.Text;
using Gateway.LoadTest.Generate.Http;

namespace Gateway.LoadTest.Tests.Generate.Http;

public sealed class ResponseParserTests
{
    private const string Accepted =
        "HTTP/1.1 202 Accepted\r\nContent-Length: 21\r\nDate: now\r\nIdempotent-Replayed: true\r\n\r\n{\"status\":\"accepted\"}";

    private const string Chunked =
        "HTTP/1.1 503 Service Unavailable\r\ntransfer-encoding: chunked\r\nRetry-After: 3\r\n\r\n"
        + "5\r\nhello\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n";

    [Theory]
    [InlineData(Accepted)]
    [InlineData(Chunked)]
    public void Response_in_pieces_is_parsed_with_its_last_byte(string response)
    {
        for (var length = 0; length < response.Length; length++) Parse(response[..length]).ShouldBeNull($"after {length} bytes");

        Parse(response)!.Value.Length.ShouldBe(response.Length);
    }

    [Fact]
    public void Status_and_Idempotent_Replayed_are_parsed()
        => Parse(Accepted).ShouldBe(new Response(202, Replayed: true, Closes: false, RetryAfter: null, Accepted.Length));

    [Fact]
    public void Retry_After_of_a_chunked_response_is_parsed()
        => Parse(Chunked).ShouldBe(new Response(503, Replayed: false, Closes: false, RetryAfter: 3, Chunked.Length));

    [Fact]
    public void Chunked_response_may_have_trailers()
        => Parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: b\r\n\r\n")!.Value.Status.ShouldBe(200);

    [Fact]
    public void Connection_close_is_parsed()
        => Parse("HTTP/1.1 202 Accepted\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n")!.Value.Closes.ShouldBeTrue();

    [Fact]
    public void Body_without_a_length_ends_with_the_connection()
    {
        const string unbounded = "HTTP/1.1 200 OK\r\n\r\nsome text";

        Parse(unbounded).ShouldBeNull();
        Parse(unbounded, ended: true).ShouldBe(new Response(200, false, Closes: true, null, unbounded.Length));
    }

    [Fact]
    public void Interim_responses_are_skipped()
        => Parse("HTTP/1.1 100 Continue\r\n\r\n" + Accepted)!.Value.Status.ShouldBe(202);

    [Theory]
    [InlineData("not HTTP\r\n\r\n")]
    [InlineData("HTTP/1.1 202 Accepted\r\nno colon here\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public void Invalid_response_throws(string response)
        => Should.Throw<InvalidDataException>(() => Parse(response));

    private static Response? Parse(string response, bool ended = false)
        => ResponseParser.TryParse(Encoding.ASCII.GetBytes(response), ended, out var parsed) ? parsed : null;
}
