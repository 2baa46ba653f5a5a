using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Routing;

public sealed class RoutingCircuitBreakerTests
{
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(5);

    private readonly RoutingFixture _fixture = new();

    [Fact]
    public async Task Ten_transient_results_in_a_row_open_the_circuit()
    {
        await _fixture.AskAsync(9, Failing);
        _fixture.Breaker.IsClosed.ShouldBeTrue();

        await _fixture.AskAsync(1, Failing);

        _fixture.Breaker.IsClosed.ShouldBeFalse();
        _fixture.Breaker.BreakRemaining.ShouldBe(Break);
    }

    [Fact]
    public async Task Open_circuit_calls_nothing_and_returns_the_rest_of_the_break()
    {
        await _fixture.OpenBreakerAsync();
        _fixture.Time.Advance(TimeSpan.FromSeconds(2));

        var result = await _fixture.AskAsync(MarkHealthy);

        (result.Result, result.RetryAfter).ShouldBe((null, TimeSpan.FromSeconds(3)));
        _fixture.Http.Calls.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Streak_counts_however_slow_its_results_are()
    {
        for (var i = 0; i < 10; i++)
        {
            _fixture.Breaker.IsClosed.ShouldBeTrue();
            await _fixture.AskAsync(1, Failing);
            _fixture.Time.Advance(TimeSpan.FromMinutes(30));
        }

        _fixture.Breaker.IsClosed.ShouldBeFalse();
    }

    [Fact]
    public async Task Routed_call_ends_the_streak()
    {
        await _fixture.AskAsync(9, Failing);
        await _fixture.AskAsync(1, MarkHealthy);
        await _fixture.AskAsync(9, Failing);

        _fixture.Breaker.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task Ten_failures_of_20_results_open_the_circuit()
    {
        for (var i = 0; i < 10; i++)
        {
            _fixture.Breaker.IsClosed.ShouldBeTrue();
            await _fixture.AskAsync(1, MarkHealthy);
            await _fixture.AskAsync(1, Failing);
        }

        _fixture.Breaker.IsClosed.ShouldBeFalse();
        (await _fixture.AskAsync(MarkHealthy)).Result.ShouldBeNull();
    }

    [Fact]
    public async Task Nine_failures_of_20_results_keep_the_circuit_closed()
    {
        await _fixture.AskAsync(11, MarkHealthy);
        await _fixture.AskAsync(9, Failing);

        _fixture.Breaker.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task Results_older_than_the_window_do_not_count()
    {
        for (var i = 0; i < 15; i++)
        {
            await _fixture.AskAsync(1, MarkHealthy);
            await _fixture.AskAsync(1, Failing);
            _fixture.Time.Advance(TimeSpan.FromSeconds(2));
        }

        _fixture.Breaker.IsClosed.ShouldBeTrue();
    }

    [Theory]
    [InlineData(429)]
    public async Task Responses_that_are_not_failures_keep_the_circuit_closed(int status)
    {
        await _fixture.AskAsync(40, () => ScriptedHttp.Status(status));

        _fixture.Breaker.IsClosed.ShouldBeTrue();
        _fixture.Http.Calls.Count.ShouldBe(40);
    }

    [Fact]
    public async Task Lost_connections_open_the_circuit()
    {
        await _fixture.AskAsync(10, () => throw new HttpRequestException("connection refused"));

        _fixture.Breaker.IsClosed.ShouldBeFalse();
    }

    [Fact]
    public async Task Timeouts_open_the_circuit()
    {
        _fixture.Http.Answer = ScriptedHttp.Silence;
        for (var i = 0; i < 10; i++)
        {
            var asked = _fixture.AskAsync();
            _fixture.Time.Advance(TimeSpan.FromSeconds(10));
            await asked;
        }

        _fixture.Breaker.IsClosed.ShouldBeFalse();
    }

    [Fact]
    public async Task Successful_probe_closes_the_circuit()
    {
        await _fixture.OpenBreakerAsync();
        _fixture.Time.Advance(Break);
        _fixture.Breaker.BreakRemaining.ShouldBe(TimeSpan.Zero);
        _fixture.Breaker.IsClosed.ShouldBeFalse();

        (await _fixture.AskAsync(MarkHealthy)).Result.ShouldBe(AttemptResult.Routed);

        _fixture.Breaker.IsClosed.ShouldBeTrue();
        _fixture.Breaker.OpenFor.ShouldBe(TimeSpan.Zero);
        _fixture.Time.Advance(TimeSpan.FromSeconds(11));
        await _fixture.AskAsync(9, Failing);
        _fixture.Breaker.IsClosed.ShouldBeTrue();
    }

    [Theory]
    [InlineData(503, true)]
    [InlineData(429, false)]
    [InlineData(404, true)]
    [InlineData(200, true)]
    public async Task Probe_fails_where_the_service_still_fails(int status, bool isFailed)
    {
        await _fixture.OpenBreakerAsync();
        _fixture.Time.Advance(Break);

        (await _fixture.AskAsync(() => ScriptedHttp.Status(status))).IsFailedProbe.ShouldBe(isFailed);
    }

    [Fact]
    public async Task Failure_with_the_circuit_closed_is_not_a_probe()
    {
        for (var i = 0; i < 10; i++) (await _fixture.AskAsync(Failing)).IsFailedProbe.ShouldBeFalse();

        _fixture.Breaker.IsClosed.ShouldBeFalse();
        (await _fixture.AskAsync(MarkHealthy)).ShouldSatisfyAllConditions(
            result => result.Result.ShouldBeNull(), result => result.IsFailedProbe.ShouldBeFalse());
    }

    [Fact]
    public async Task Failed_probe_begins_another_break_and_the_circuit_stays_open()
    {
        await _fixture.OpenBreakerAsync();
        _fixture.Time.Advance(Break);

        await _fixture.AskAsync(1, Failing);

        _fixture.Breaker.IsClosed.ShouldBeFalse();
        _fixture.Breaker.BreakRemaining.ShouldBe(Break);
        _fixture.Breaker.OpenFor.ShouldBe(Break);
        _fixture.Time.Advance(Break);
        _fixture.Breaker.OpenFor.ShouldBe(2 * Break);
    }

    [Fact]
    public void Closed_circuit_has_no_break_and_no_open_time()
    {
        _fixture.Time.Advance(TimeSpan.FromDays(1));

        _fixture.Breaker.BreakRemaining.ShouldBe(TimeSpan.Zero);
        _fixture.Breaker.OpenFor.ShouldBe(TimeSpan.Zero);
    }

    private static Task<HttpResponseMessage> Failing() => ScriptedHttp.Status(500);

    private static Task<HttpResponseMessage> MarkHealthy() => ScriptedHttp.Json("""{"routed":true}""");
}
