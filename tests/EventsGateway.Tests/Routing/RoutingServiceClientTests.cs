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

    [Fact]
    public async Task Missing_response_is_a_timeout_after_10_seconds()
    {
        _fixture.Http.Answer = ScriptedHttp.Silence;
        var asked = _fixture.AskAsync();

        _fixture.Time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMilliseconds(1));
        asked.IsCompleted.ShouldBeFalse();
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(1));

        var result = await asked;
        (result.Class, result.Result).ShouldBe((ResponseClass.Transient, AttemptResult.TimedOut));
    }

    [Fact]
    public async Task Lost_connection_is_transient_and_names_the_address()
    {
        var result = await _fixture.AskAsync(() => throw new HttpRequestException("connection refused"));

        (result.Class, result.Result, result.Answer).ShouldBe((ResponseClass.Transient, AttemptResult.ConnectionLost, null));
        result.Error.ShouldBe("connection refused (routing.test:80)");
    }

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
        _fixture.Circuits.IsClosed.ShouldBeTrue();
    }
}
