using System.Net;
using System.Text;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Routing;

namespace Gateway.EventsGateway.Tests.Routing;

public sealed class ResponseReaderTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 4, 5, 6, 7, TimeSpan.Zero);

    [Theory]
    [Trait("Defect", "B7")]
    [InlineData("""{"routed":true,"routeId":"R123","processedAt":"2026-02-25T12:00:00Z"}""", "R123")]
    [InlineData("""{"routed":true}""", "UNKNOWN")]
    [InlineData("""{"routed":true,"routeId":null}""", "UNKNOWN")]
    [InlineData("""{"routed":1,"routeId":7}""", "7")]
    [InlineData("""{"routed":"yes","routeId":"R"}""", "R")]
    [InlineData("""{"routed":{},"routeId":"R"}""", "R")]
    [InlineData("\uFEFF{\"routed\":true,\"routeId\":\"R\"}", "R")]
    public async Task Routed_response_has_its_route(string answer, string routeId)
    {
        var result = await ReadAsync(200, answer);

        (result.Class, result.Result, result.RouteId, result.Error)
            .ShouldBe((ResponseClass.Routed, AttemptResult.Routed, routeId, null));
    }

    [Theory]
    [Trait("Defect", "B7")]
    [InlineData("""{"routed":false,"routeId":"R123"}""", "routing service answered routed: false")]
    [InlineData("""{"routed":false,"message":"no zone"}""", "routing service answered routed: false: no zone")]
    [InlineData("""{"routed":null}""", "routing service answered routed: null")]
    [InlineData("""{"routed":0}""", "routing service answered routed: 0")]
    [InlineData("""{"routed":""}""", "routing service answered routed: \"\"")]
    [InlineData("""{"routeId":"R123"}""", "routing service answered 200 with no member `routed`")]
    [InlineData("""{"Routed":true}""", "routing service answered 200 with no member `routed`")]
    [InlineData("""{"data":{"routed":true}}""", "routing service answered 200 with no member `routed`")]
    [InlineData("""{"error":"zone is closed"}""", "routing service answered 200 with no member `routed`: zone is closed")]
    public async Task Answer_without_a_yes_is_said_as_it_is(string answer, string error)
    {
        var result = await ReadAsync(200, answer);

        (result.Class, result.Result, result.Error).ShouldBe((ResponseClass.Transient, AttemptResult.NotRouted, error));
    }

    [Theory]
    [InlineData("", "routing service answered 200 without a body")]
    [InlineData("<html>", "routing service answered 200 with text/html that is not JSON")]
    [InlineData("{\"routed\":true", "routing service answered 200 with text/html that is not JSON")]
    [InlineData("[true]", "routing service answered 200 with a JSON array")]
    [InlineData("true", "routing service answered 200 with a JSON true")]
    [InlineData("""{"routed":true,"routeId":"R\n2026 forged"}""",
        "routing service answered 200 with a routeId of over 256 characters or with control characters")]
    public async Task Unreadable_answer_is_transient(string answer, string error)
    {
        var result = await ReadAsync(200, answer, "text/html");

        (result.Class, result.Result, result.Error, result.RouteId)
            .ShouldBe((ResponseClass.Transient, AttemptResult.Unreadable, error, null));
    }

    [Theory]
    [InlineData(256, ResponseClass.Routed)]
    [InlineData(257, ResponseClass.Transient)]
    public async Task Route_has_at_most_256_characters(int length, object responseClass)
        => (await ReadAsync(200, $$"""{"routed":true,"routeId":"{{new string('r', length)}}"}""")).Class
            .ShouldBe((ResponseClass)responseClass);

    [Fact]
    public async Task Answer_over_64_kib_is_unreadable()
    {
        var result = await ReadAsync(200, new string(' ', 64 * 1024) + """{"routed":true}""");

        (result.Result, result.Error).ShouldBe(
            (AttemptResult.Unreadable, "routing service answered 200 with a body of over 64 KiB"));
    }

    [Theory]
    [Trait("Defect", "B30")]
    [InlineData("Transient", 300, 301, 302, 304, 307, 308, 401, 403, 404, 405, 407, 408, 425, 500, 502, 503, 504, 599)]
    [InlineData("Own", 400, 402, 406, 409, 410, 411, 412, 413, 414, 415, 416, 421, 422, 428, 431, 451, 499)]
    [InlineData("Later", 429)]
    public async Task Status_has_its_class(string responseClass, params int[] statuses)
    {
        foreach (var status in statuses)
        {
            var result = await ReadAsync(status, "");
            (result.Class.ToString(), result.Error).ShouldBe((responseClass, $"routing service answered {status}"));
            result.Result.ShouldBe(responseClass == "Own" ? AttemptResult.PermanentStatus : AttemptResult.TransientStatus);
        }
    }

    [Theory]
    [InlineData("""{"error":"slow down"}""", ": slow down")]
    [InlineData("""{"title":"Unknown zone","detail":"shipment 17"}""", ": Unknown zone")]
    [InlineData("""{"statusCode":422,"message":["weight must be positive","a"],"error":"Bad Request"}""",
        ": Bad Request: weight must be positive: a")]
    [InlineData("""{"error":{"code":7,"message":"unknown zone"}}""", ": unknown zone")]
    [InlineData("""{"error":"a\n\u202eb"}""", ": a  b")]
    [InlineData("""{"error":7}""", "")]
    [InlineData("<html>", "")]
    public async Task Error_has_the_text_of_the_service(string answer, string text)
        => (await ReadAsync(422, answer)).Error.ShouldBe($"routing service answered 422{text}");

    [Fact]
    public async Task Answer_is_kept_as_evidence_without_control_characters_and_capped()
    {
        var response = Response(503, "<h1>\u001b[31m" + new string('x', 3000), "text/html");
        response.Headers.TryAddWithoutValidation("Server", "nginx");
        response.Headers.TryAddWithoutValidation("Set-Cookie", "session=secret");
        response.Headers.Location = new Uri("https://user:word@other.test/login?token=secret");

        var answer = (await ResponseReader.ReadAsync(response, false, Now, CancellationToken.None)).Answer.ShouldNotBeNull();

        answer.Status.ShouldBe(503);
        answer.Headers.ShouldBe("Content-Type: text/html\nServer: nginx\nLocation: other.test/login");
        answer.Body.ShouldNotBeNull().ShouldStartWith("<h1> [31mxxx");
        answer.Body!.Length.ShouldBe(2048);
    }

    [Theory]
    [InlineData(200, "", true, AttemptResult.Routed)]
    [InlineData(204, "", true, AttemptResult.Routed)]
    [InlineData(204, "", false, AttemptResult.Unreadable)]
    [InlineData(200, "OK", true, AttemptResult.Unreadable)]
    [InlineData(200, "{}", true, AttemptResult.NotRouted)]
    [InlineData(503, "", true, AttemptResult.TransientStatus)]
    [InlineData(301, "", true, AttemptResult.TransientStatus)]
    public async Task Only_an_empty_success_is_routed_and_only_by_the_setting(
        int status, string body, bool emptyIsRouted, string result)
    {
        var response = await ReadAsync(status, body, emptyIsRouted: emptyIsRouted);

        (response.Result, response.RouteId).ShouldBe((result, result == AttemptResult.Routed ? "UNKNOWN" : null));
    }

    [Theory]
    [Trait("Defect", "B30")]
    [InlineData(4, "4")]
    [InlineData(4.5, "4.5")]
    [InlineData(4, " 4 ")]
    [InlineData(4, "4, 2")]
    [InlineData(4, "2", "4")]
    [InlineData(3600, "3600")]
    [InlineData(3600, "3601")]
    [InlineData(3600, "5000000000")]
    [InlineData(30, "Wed, 04 Mar 2026 05:06:37 GMT")]
    [InlineData(30, "Wed, 04 Mar 2026 05:06:37 +0000")]
    [InlineData(30, "Wednesday, 04-Mar-26 05:06:37 GMT")]
    [InlineData(3600, "Wed, 04 Mar 2026 11:06:07 GMT")]
    [InlineData(0, "Wed, 04 Mar 2026 04:00:00 GMT")]
    [InlineData(-1)]
    [InlineData(-1, "soon")]
    [InlineData(-1, "-5")]
    [InlineData(-1, "NaN")]
    public async Task Retry_after_is_read_in_each_form_and_never_over_an_hour(double seconds, params string[] header)
    {
        foreach (var status in new[] { 200, 429, 422, 503 })
        {
            var response = Response(status, "");
            response.Headers.TryAddWithoutValidation("Retry-After", header);

            var wait = (await ResponseReader.ReadAsync(response, false, Now, CancellationToken.None)).RetryAfter;
            (wait?.TotalSeconds ?? -1).ShouldBe(seconds);
        }
    }

    private static Task<RoutingResponse> ReadAsync(
        int status, string body, string mediaType = "application/json", bool emptyIsRouted = false)
        => ResponseReader.ReadAsync(Response(status, body, mediaType), emptyIsRouted, Now, CancellationToken.None);

    private static HttpResponseMessage Response(int status, string body, string mediaType = "application/json")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
        return new HttpResponseMessage((HttpStatusCode)status) { Content = content };
    }
}
