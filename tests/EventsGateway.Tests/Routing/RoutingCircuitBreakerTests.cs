using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Tests.Routing;

public sealed class RoutingCircuitBreakerTests
{
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(5);

    private readonly RoutingFixture _fixture = new();

    [Fact]
    public async Task Ten_transient_results_in_a_row_open_it_and_nine_do_not()
    {
        await _fixture.AskAsync(9, Ill);
        _fixture.Breaker.IsClosed.ShouldBeTrue();

        await _fixture.AskAsync(1, Ill);

        _fixture.Breaker.IsClosed.ShouldBeFalse();
        _fixture.Breaker.BreakRemaining.ShouldBe(Break);
    }

    [Fact]
    public async Task While_it_is_open_the_service_is_not_asked_and_the_rest_is_told()
    {
        await _fixture.OpenBreakerAsync();
        _fixture.Time.Advance(TimeSpan.FromSeconds(2));

        var result = await _fixture.AskAsync(MarkHealthy);

        (result.Result, result.RetryAfter).ShouldBe((null, TimeSpan.FromSeconds(3)));
        _fixture.Http.Calls.Count.ShouldBe(10);
    }

    [Fact]
    public async Task A_row_is_a_row_however_slowly_it_comes()
    {
        for (var i = 0; i < 10; i++)
        {
            _fixture.Breaker.IsClosed.ShouldBeTrue();
            await _fixture.AskAsync(1, Ill);
            _fixture.Time.Advance(TimeSpan.FromMinutes(30));
        }

        _fixture.Breaker.IsClosed.ShouldBeFalse();
    }

    [Fact]
    public async Task A_good_result_ends_the_row()
    {
        await _fixture.AskAsync(9, Ill);
        await _fixture.AskAsync(1, MarkHealthy);
        await _fixture.AskAsync(9, Ill);

        _fixture.Breaker.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task Half_of_twenty_results_open_it()
    {
        for (var i = 0; i < 10; i++)
        {
            _fixture.Breaker.IsClosed.ShouldBeTrue();
            await _fixture.AskAsync(1, MarkHealthy);
            await _fixture.AskAsync(1, Ill);
        }

        _fixture.Breaker.IsClosed.ShouldBeFalse();
        (await _fixture.AskAsync(MarkHealthy)).Result.ShouldBeNull();
    }

    [Fact]
    public async Task Less_than_half_of_twenty_results_do_not_open_it()
    {
        await _fixture.AskAsync(11, MarkHealthy);
        await _fixture.AskAsync(9, Ill);

        _fixture.Breaker.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task Results_older_than_the_window_do_not_count()
    {
        for (var i = 0; i < 15; i++)
        {
            await _fixture.AskAsync(1, MarkHealthy);
            await _fixture.AskAsync(1, Ill);
            _fixture.Time.Advance(TimeSpan.FromSeconds(2));
        }

        _fixture.Breaker.IsClosed.ShouldBeTrue();
    }

    [Theory]
    [InlineData(429)]
    [InlineData(408)]
    [InlineData(404)]
    [InlineData(200)]
    public async Task An_answer_that_is_no_illness_never_opens_it(int status)
    {
        await _fixture.AskAsync(40, () => ScriptedHttp.Status(status));

        _fixture.Breaker.IsClosed.ShouldBeTrue();
        _fixture.Http.Calls.Count.ShouldBe(40);
    }

    [Fact]
    public async Task Lost_connections_open_it()
    {
        await _fixture.AskAsync(10, () => throw new HttpRequestException("refused"));

        _fixture.Breaker.IsClosed.ShouldBeFalse();
    }

    [Fact]
    public async Task Silence_opens_it()
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
    public async Task A_good_probe_after_the_break_closes_it()
    {
        await _fixture.OpenBreakerAsync();
        _fixture.Time.Advance(Break);
        _fixture.Breaker.BreakRemaining.ShouldBe(TimeSpan.Zero);
        _fixture.Breaker.IsClosed.ShouldBeFalse();

        (await _fixture.AskAsync(MarkHealthy)).Result.ShouldBe(AttemptResult.Routed);

        _fixture.Breaker.IsClosed.ShouldBeTrue();
        _fixture.Breaker.OpenFor.ShouldBe(TimeSpan.Zero);
        _fixture.Time.Advance(TimeSpan.FromSeconds(11));
        await _fixture.AskAsync(9, Ill);
        _fixture.Breaker.IsClosed.ShouldBeTrue();
    }

    [Theory]
    [InlineData(503, true)]
    [InlineData(429, false)]
    [InlineData(404, false)]
    [InlineData(200, false)]
    public async Task A_failed_probe_is_one_that_finds_the_service_still_ill(int status, bool isFailed)
    {
        await _fixture.OpenBreakerAsync();
        _fixture.Time.Advance(Break);

        (await _fixture.AskAsync(() => ScriptedHttp.Status(status))).IsFailedProbe.ShouldBe(isFailed);
    }

    [Fact]
    public async Task With_the_breaker_closed_no_failure_is_a_probe()
    {
        for (var i = 0; i < 10; i++) (await _fixture.AskAsync(Ill)).IsFailedProbe.ShouldBeFalse();

        _fixture.Breaker.IsClosed.ShouldBeFalse();
        (await _fixture.AskAsync(MarkHealthy)).ShouldSatisfyAllConditions(
            result => result.Result.ShouldBeNull(), result => result.IsFailedProbe.ShouldBeFalse());
    }

    [Fact]
    public async Task A_bad_probe_begins_another_break_and_the_age_goes_on()
    {
        await _fixture.OpenBreakerAsync();
        _fixture.Time.Advance(Break);

        await _fixture.AskAsync(1, Ill);

        _fixture.Breaker.IsClosed.ShouldBeFalse();
        _fixture.Breaker.BreakRemaining.ShouldBe(Break);
        _fixture.Breaker.OpenFor.ShouldBe(Break);
        _fixture.Time.Advance(Break);
        _fixture.Breaker.OpenFor.ShouldBe(2 * Break);
    }

    [Fact]
    public void A_closed_one_neither_rests_nor_ages()
    {
        _fixture.Time.Advance(TimeSpan.FromDays(1));

        _fixture.Breaker.BreakRemaining.ShouldBe(TimeSpan.Zero);
        _fixture.Breaker.OpenFor.ShouldBe(TimeSpan.Zero);
    }

    private static Task<HttpResponseMessage> Ill() => ScriptedHttp.Status(500);

    private static Task<HttpResponseMessage> MarkHealthy() => ScriptedHttp.Json("""{"routed":true}""");
}
