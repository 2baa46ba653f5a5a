using System.Globalization;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Routing;

namespace Gateway.EventsGateway.Tests.Routing;

public sealed class RoutingServiceClientTests
{
    private readonly RoutingFixture _fixture = new();

    [Fact]
    [Trait("Defect", "B9")]
    public async Task Every_call_for_an_event_has_the_same_idempotency_key()
    {
        await _fixture.AskAsync(2, () => ScriptedHttp.Status(500));

        _fixture.Http.Calls.Count.ShouldBe(2);
        _fixture.Http.Calls.ShouldAllBe(call => call.Headers.GetValues("Idempotency-Key").Single() == "dhl.dhl_3a1");
    }

    [Fact]
    public async Task Call_is_the_post_of_the_original_with_the_trace_of_the_webhook()
    {
        const string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var e = RoutingFixture.Event() with { Traceparent = trace };

        await _fixture.Client.RouteAsync(e, CancellationToken.None);

        var call = _fixture.Http.Calls.ShouldHaveSingleItem();
        call.Method.ShouldBe(HttpMethod.Post);
        call.RequestUri.ShouldBe(new Uri("http://routing.test/v1/routing-service"));
        call.Content!.Headers.ContentType!.ToString().ShouldBe("application/json");
        call.Headers.GetValues("traceparent").ShouldBe([trace]);
        _fixture.Http.Bodies.ShouldHaveSingleItem().ShouldContain("\"weight\":1.0");
    }

    [Fact]
    public async Task Last_failure_of_any_kind_is_kept_with_its_time()
    {
        _fixture.Client.LastFailure.ShouldBeNull();
        await _fixture.AskAsync(() => ScriptedHttp.Json("""{"routed":false}"""));
        _fixture.Client.LastFailure.ShouldNotBeNull().Error.ShouldBe("routing service answered routed: false");
        _fixture.Time.Advance(TimeSpan.FromMinutes(1));

        await _fixture.AskAsync(() => ScriptedHttp.Status(422));
        await _fixture.AskAsync(() => ScriptedHttp.Json("""{"routed":true}"""));

        _fixture.Client.LastFailure.ShouldBe(new RoutingFailure("routing service answered 422", _fixture.Time.GetUtcNow()));
    }

    [Fact]
    public async Task Failures_of_any_kind_are_counted_until_a_call_is_routed()
    {
        await _fixture.AskAsync(() => ScriptedHttp.Json("""{"routed":false}"""));
        await _fixture.AskAsync(() => ScriptedHttp.Status(422));
        await _fixture.AskAsync(() => ScriptedHttp.Status(500));
        _fixture.Client.FailedInARow.ShouldBe(3);

        await _fixture.AskAsync(() => ScriptedHttp.Json("""{"routed":true}"""));

        _fixture.Client.FailedInARow.ShouldBe(0);
    }

    [Fact]
    public void Address_is_shown_without_its_secret_parts()
    {
        var fixture = new RoutingFixture(configure: options
            => options.Url = new Uri("https://user:word@routing.test:8443/v2/route?key=secret#x"));

        fixture.Target.Address.ShouldBe("https://routing.test:8443/v2/route");
    }

    [Theory]
    [Trait("Defect", "B7")]
    [InlineData("""{"routed":true,"routeId":"R123","processedAt":"2026-02-25T12:00:00Z"}""", "R123")]
    [InlineData("""{"routed":true}""", "UNKNOWN")]
    [InlineData("""{"routed":true,"routeId":null}""", "UNKNOWN")]
    [InlineData("""{"routed":1,"routeId":7}""", "7")]
    [InlineData("""{"routed":"yes","routeId":"R"}""", "R")]
    [InlineData("""{"routed":{},"routeId":"R"}""", "R")]
    public async Task Routed_response_has_its_route(string answer, string routeId)
    {
        var result = await _fixture.AskAsync(() => ScriptedHttp.Json(answer));

        result.Result.ShouldBe(AttemptResult.Routed);
        result.RouteId.ShouldBe(routeId);
    }

    [Theory]
    [Trait("Defect", "B7")]
    [InlineData("""{"routed":false,"routeId":"R123"}""", AttemptResult.NotRouted)]
    [InlineData("""{"routeId":"R123"}""", AttemptResult.NotRouted)]
    [InlineData("""{"routed":null}""", AttemptResult.NotRouted)]
    [InlineData("""{"routed":0}""", AttemptResult.NotRouted)]
    [InlineData("""{"routed":""}""", AttemptResult.NotRouted)]
    [InlineData("", AttemptResult.Unreadable)]
    [InlineData("<html>", AttemptResult.Unreadable)]
    [InlineData("""{"routed":true""", AttemptResult.Unreadable)]
    [InlineData("[true]", AttemptResult.Unreadable)]
    [InlineData("true", AttemptResult.Unreadable)]
    [InlineData("null", AttemptResult.Unreadable)]
    public async Task Any_other_200_is_transient(string answer, string kind)
    {
        var result = await _fixture.AskAsync(() => ScriptedHttp.Json(answer));

        result.Result.ShouldBe(kind);
        result.RouteId.ShouldBeNull();
        result.CountsForBreaker.ShouldBeFalse();
        result.Error.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData(408, false)]
    [InlineData(425, false)]
    [InlineData(429, false)]
    [InlineData(500, true)]
    [InlineData(502, true)]
    [InlineData(503, true)]
    [InlineData(504, true)]
    [InlineData(599, true)]
    public async Task Transient_status_is_recognized(int status, bool countsForBreaker)
    {
        var result = await _fixture.AskAsync(() => ScriptedHttp.Status(status));

        result.Result.ShouldBe(AttemptResult.TransientStatus);
        result.Error.ShouldNotBeNull().ShouldContain(status.ToString(CultureInfo.InvariantCulture));
        result.CountsForBreaker.ShouldBe(countsForBreaker);
    }

    [Theory]
    [Trait("Defect", "B30")]
    [InlineData(300)]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(304)]
    [InlineData(307)]
    [InlineData(308)]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(410)]
    [InlineData(413)]
    [InlineData(422)]
    [InlineData(499)]
    public async Task Any_other_status_is_permanent(int status)
    {
        var result = await _fixture.AskAsync(() => ScriptedHttp.Status(status));

        result.Result.ShouldBe(AttemptResult.PermanentStatus);
        result.CountsForBreaker.ShouldBeFalse();
        _fixture.Http.Calls.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Missing_response_is_a_timeout_after_10_seconds()
    {
        _fixture.Http.Answer = ScriptedHttp.Silence;
        var asked = _fixture.AskAsync();

        _fixture.Time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        asked.IsCompleted.ShouldBeFalse();
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(1));

        var result = await asked;
        (result.Result, result.CountsForBreaker).ShouldBe((AttemptResult.TimedOut, true));
    }

    [Fact]
    public async Task Lost_connection_is_transient()
    {
        var result = await _fixture.AskAsync(() => throw new HttpRequestException("connection refused"));

        (result.Result, result.CountsForBreaker).ShouldBe((AttemptResult.ConnectionLost, true));
    }

    [Fact]
    public async Task Endless_response_is_unreadable()
    {
        var result = await _fixture.AskAsync(()
            => throw new HttpRequestException(HttpRequestError.ConfigurationLimitExceeded, "too long"));

        (result.Result, result.CountsForBreaker).ShouldBe((AttemptResult.Unreadable, false));
    }

    [Theory]
    [Trait("Defect", "B30")]
    [InlineData("120", 120)]
    [InlineData("3600", 3600)]
    [InlineData("3601", 3600)]
    [InlineData("2000000000", 3600)]
    [InlineData("Wed, 04 Mar 2026 05:06:37 GMT", 30)]
    [InlineData("Wed, 04 Mar 2026 11:06:07 GMT", 3600)]
    public async Task Retry_after_is_read_as_seconds_or_date_and_never_over_an_hour(string header, int seconds)
    {
        foreach (var status in new[] { 429, 503 })
        {
            var result = await _fixture.AskAsync(() => ScriptedHttp.Status(status, header));

            Math.Ceiling(result.RetryAfter.ShouldNotBeNull().TotalSeconds).ShouldBe(seconds);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("soon")]
    [InlineData("-5")]
    public async Task Invalid_retry_after_is_ignored(string? header)
        => (await _fixture.AskAsync(() => ScriptedHttp.Status(503, header))).RetryAfter.ShouldBeNull();

    [Fact]
    public async Task Call_beyond_the_concurrency_limit_is_not_made()
    {
        var fixture = new RoutingFixture(configure: options => options.MaxConcurrency = 1);
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        var first = fixture.AskAsync(() => answer.Task);

        var second = await fixture.AskAsync();

        (second.Result, second.RetryAfter).ShouldBe((null, TimeSpan.FromSeconds(1)));
        fixture.Http.Calls.ShouldHaveSingleItem();
        answer.SetResult(await ScriptedHttp.Json("""{"routed":true}"""));
        (await first).Result.ShouldBe(AttemptResult.Routed);
    }

    [Fact]
    public async Task Cancelled_call_does_not_count_for_the_circuit()
    {
        _fixture.Http.Answer = ScriptedHttp.Silence;
        using var stop = new CancellationTokenSource();
        var asked = _fixture.Client.RouteAsync(RoutingFixture.Event(), stop.Token);

        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asked);
        _fixture.Breaker.IsClosed.ShouldBeTrue();
    }
}
