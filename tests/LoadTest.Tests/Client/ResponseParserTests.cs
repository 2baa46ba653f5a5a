using System.Text;
using Gateway.LoadTest.Http;

namespace Gateway.LoadTest.Tests.Client;

public sealed class ResponseParserTests
{
    private const string Accepted =
        "HTTP/1.1 202 Accepted\r\nContent-Length: 21\r\nDate: now\r\nIdempotent-Replayed: true\r\n\r\n{\"status\":\"accepted\"}";

    private const string Chunked =
        "HTTP/1.1 503 Service Unavailable\r\ntransfer-encoding: chunked\r\nRetry-After: 3\r\n\r\n5\r\nhello\r\nA;x=1\r\n0123456789\r\n0\r\n\r\n";

    [Theory]
    [InlineData(Accepted)]
    [InlineData(Chunked)]
    public void A_response_in_pieces_is_read_when_its_last_byte_has_come(string response)
    {
        for (var length = 0; length < response.Length; length++) Parse(response[..length]).ShouldBeNull($"after {length} bytes");

        Parse(response)!.Value.Length.ShouldBe(response.Length);
    }

    [Fact]
    public void Status_and_replay_are_read()
        => Parse(Accepted).ShouldBe(new Answer(202, Replayed: true, Closes: false, RetryAfter: null, Accepted.Length));

    [Fact]
    public void A_chunked_response_tells_when_to_come_again()
        => Parse(Chunked).ShouldBe(new Answer(503, Replayed: false, Closes: false, RetryAfter: 3, Chunked.Length));

    [Fact]
    public void Chunks_may_have_trailers()
        => Parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nA: b\r\n\r\n")!.Value.Status.ShouldBe(200);

    [Fact]
    public void A_connection_that_closes_is_known()
        => Parse("HTTP/1.1 202 Accepted\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n")!.Value.Closes.ShouldBeTrue();

    [Fact]
    public void A_body_without_a_length_ends_with_the_connection()
    {
        const string endless = "HTTP/1.1 200 OK\r\n\r\nsome text";

        Parse(endless).ShouldBeNull();
        Parse(endless, ended: true).ShouldBe(new Answer(200, false, Closes: true, null, endless.Length));
    }

    [Fact]
    public void What_comes_before_the_answer_is_passed_over()
        => Parse("HTTP/1.1 100 Continue\r\n\r\n" + Accepted)!.Value.Status.ShouldBe(202);

    [Theory]
    [InlineData("HELLO there, who are you?\r\n\r\n")]
    [InlineData("HTTP/1.1 202 Accepted\r\nno colon here\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")]
    public void What_is_not_HTTP_is_said_to_be_none(string response)
        => Should.Throw<InvalidDataException>(() => Parse(response));

    private static Answer? Parse(string response, bool ended = false)
        => ResponseParser.TryParse(Encoding.ASCII.GetBytes(response), ended, out var answer) ? answer : null;
}
