using System.Net;
using System.Text.Json.Nodes;

namespace Gateway.Shared.Tests.Errors;

public sealed class GlobalExceptionHandlerTests
{
    private const string Now = "2026-03-04T05:06:07.089Z";

    [Fact]
    public async Task Unavailable_backend_is_answered_503_with_retry_after_and_no_detail()
    {
        await using var host = await ProbeHost.StartAsync();

        using var response = await host.Client.GetAsync("/probe/backend");

        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(2));
        (await response.Content.ReadAsStringAsync()).ShouldBe(
            """{"title":"Service Unavailable","status":503,"statusCode":503,"timestamp":"2026-03-04T""" +
            """05:06:07.089Z","path":"/probe/backend","message":"Service temporarily unavailable","requestId":"r-1"}""");
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Unhandled_exception_is_answered_500_without_detail(string environment)
    {
        await using var host = await ProbeHost.StartAsync(environment);

        using var response = await host.Client.GetAsync("/probe/unexpected?x=1");

        response.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await response.Content.ReadAsStringAsync()).ShouldBe(
            """{"title":"Internal Server Error","status":500,"statusCode":500,"timestamp":"2026-03-04T""" +
            """05:06:07.089Z","path":"/probe/unexpected?x=1","message":"Internal server error","requestId":"r-1"}""");
    }

    [Theory]
    [InlineData("/probe/rejected", 401, "Unauthorized", "Invalid signature", true)]
    [InlineData("/probe/conflict", 409, "Conflict", "already there", false)]
    [InlineData("/probe/too-large", 413, "Payload Too Large", "request entity too large", false)]
    [InlineData("/probe/unreadable", 400, "Bad Request", "Bad Request", true)]
    public async Task Rejected_request_has_the_members_of_the_original(
        string path, int status, string title, string message, bool namesItsError)
    {
        await using var host = await ProbeHost.StartAsync();

        using var response = await host.Client.GetAsync(path);

        ((int)response.StatusCode).ShouldBe(status);
        response.Content.Headers.ContentType!.ToString().ShouldBe("application/problem+json; charset=utf-8");
        var expected = new JsonObject
        {
            ["title"] = title, ["status"] = status, ["statusCode"] = status,
            ["timestamp"] = Now, ["path"] = path, ["message"] = message,
        };
        if (namesItsError) expected["error"] = title;
        expected["requestId"] = "r-1";
        (await response.Content.ReadAsStringAsync()).ShouldBe(expected.ToJsonString());
        response.Headers.GetValues("x-request-id").ShouldBe(["r-1"]);
    }

    [Fact]
    public async Task Validation_error_names_every_invalid_field()
    {
        await using var host = await ProbeHost.StartAsync();

        using var response = await host.Client.GetAsync("/probe/invalid");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject();
        body["message"]!.GetValue<string>().ShouldBe("Bad Request");
        body.ContainsKey("error").ShouldBeFalse();
        body["errors"]!["Name"]!.ToJsonString().ShouldBe("""["must be said"]""");
        body["errors"]!["Times"]!.ToJsonString().ShouldBe("""["must be positive"]""");
    }
}
