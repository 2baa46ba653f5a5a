using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Routing;

namespace Gateway.EventsGateway.Tests.Routing;

public sealed class RoutingCircuitsTests
{
    private static readonly TimeSpan Break = TimeSpan.FromSeconds(5);

    private readonly RoutingFixture _fixture = new();

    [Fact]
    public async Task Ten_transient_results_in_a_row_open_the_circuit()
    {
        await _fixture.AskAsync(9, Failing);
        _fixture.Circuits.IsClosed.ShouldBeTrue();

        await _fixture.AskAsync(1, Failing);

        _fixture.Circuits.IsClosed.ShouldBeFalse();
        _fixture.Circuits.BreakRemaining.ShouldBe(Break);
    }

    [Fact]
    public async Task Open_circuit_calls_nothing_and_returns_the_rest_of_the_break()
    {
        await _fixture.OpenCircuitAsync();
        _fixture.Time.Advance(TimeSpan.FromSeconds(2));

        var result = await _fixture.AskAsync(MarkHealthy);

        result.Class.ShouldBe(ResponseClass.NotCalled);
        result.RetryAfter.ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(63));
        _fixture.Http.Calls.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Streak_counts_however_slow_its_results_are()
    {
        for (var i = 0; i < 10; i++)
        {
            _fixture.Circuits.IsClosed.ShouldBeTrue();
            await _fixture.AskAsync(1, Failing);
            _fixture.Time.Advance(TimeSpan.FromMinutes(30));
        }

        _fixture.Circuits.IsClosed.ShouldBeFalse();
    }

    [Fact]
    public async Task Routed_call_ends_the_streak()
    {
        await _fixture.AskAsync(9, Failing);
        await _fixture.AskAsync(1, MarkHealthy);
        await _fixture.AskAsync(9, Failing);

        _fixture.Circuits.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task Ten_failures_of_20_results_open_the_circuit_of_their_merchant_alone()
    {
        for (var i = 0; i < 10; i++)
        {
            _fixture.Circuits.OpenMerchants.ShouldBe(0);
            await _fixture.AskAsync(1, MarkHealthy);
            await _fixture.AskAsync(1, Failing);
        }

        _fixture.Circuits.BlockedScopes.ShouldBe([RoutingFixture.ScopeOf("m-1")]);
        _fixture.Circuits.IsClosed.ShouldBeTrue();
        (await _fixture.AskAsync(MarkHealthy)).Class.ShouldBe(ResponseClass.NotCalled);
        (await _fixture.AskAsync(MarkHealthy, "m-2")).Class.ShouldBe(ResponseClass.Routed);
    }

    [Fact]
    public async Task Nine_failures_of_20_results_keep_the_circuit_closed()
    {
        await _fixture.AskAsync(11, MarkHealthy);
        await _fixture.AskAsync(9, Failing);

        _fixture.Circuits.OpenMerchants.ShouldBe(0);
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

        _fixture.Circuits.OpenMerchants.ShouldBe(0);
    }

    [Theory]
    [InlineData(408)]
    [InlineData(404)]
    [InlineData(422)]
    [InlineData(302)]
    [InlineData(200)]
    public async Task Each_answer_without_a_yes_opens_the_circuit(int status)
    {
        await _fixture.AskAsync(40, () => ScriptedHttp.Status(status));

        _fixture.Circuits.IsClosed.ShouldBeFalse();
        _fixture.Http.Calls.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Lost_connections_open_the_circuit()
    {
        await _fixture.AskAsync(10, () => throw new HttpRequestException("connection refused"));

        _fixture.Circuits.IsClosed.ShouldBeFalse();
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

        _fixture.Circuits.IsClosed.ShouldBeFalse();
    }

    [Fact]
    public async Task Successful_probe_closes_the_circuit()
    {
        await _fixture.OpenCircuitAsync();
        _fixture.Time.Advance(Break);
        _fixture.Circuits.BreakRemaining.ShouldBe(TimeSpan.Zero);
        _fixture.Circuits.IsClosed.ShouldBeFalse();

        (await _fixture.AskAsync(MarkHealthy)).Result.ShouldBe(AttemptResult.Routed);

        _fixture.Circuits.IsClosed.ShouldBeTrue();
        _fixture.Circuits.OpenFor.ShouldBe(TimeSpan.Zero);
        _fixture.Time.Advance(TimeSpan.FromSeconds(11));
        await _fixture.AskAsync(9, Failing);
        _fixture.Circuits.IsClosed.ShouldBeTrue();
    }

    [Fact]
    public async Task One_call_at_a_time_probes()
    {
        await _fixture.OpenCircuitAsync();
        _fixture.Time.Advance(Break);
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        var probe = _fixture.AskAsync(() => answer.Task);

        (await _fixture.AskAsync()).Class.ShouldBe(ResponseClass.NotCalled);
        (await _fixture.AskAsync("m-2")).Class.ShouldBe(ResponseClass.NotCalled);

        answer.SetResult(await ScriptedHttp.Status(503));
        (await probe).CircuitsWereClosed.ShouldBeFalse();
    }

    [Fact]
    public async Task Call_with_the_circuits_closed_says_so()
    {
        for (var i = 0; i < 10; i++) (await _fixture.AskAsync(Failing)).CircuitsWereClosed.ShouldBeTrue();

        _fixture.Circuits.IsClosed.ShouldBeFalse();
    }

    [Fact]
    public async Task Success_that_began_before_the_circuit_opened_does_not_close_it()
    {
        var answer = new TaskCompletionSource<HttpResponseMessage>();
        var early = _fixture.AskAsync(() => answer.Task);
        await _fixture.OpenCircuitAsync();

        answer.SetResult(await MarkHealthy());

        (await early).Class.ShouldBe(ResponseClass.Routed);
        _fixture.Circuits.IsClosed.ShouldBeFalse();
        _fixture.Circuits.BreakRemaining.ShouldBe(Break);
    }

    [Fact]
    public async Task Merchant_that_fails_stops_no_other_merchant()
    {
        for (var i = 0; i < 30; i++)
        {
            await _fixture.AskAsync(Failing, "sick");
            (await _fixture.AskAsync(MarkHealthy, "healthy")).Class.ShouldBe(ResponseClass.Routed);
        }

        _fixture.Circuits.BlockedScopes.ShouldBe([RoutingFixture.ScopeOf("sick")]);
        _fixture.Circuits.IsClosed.ShouldBeTrue();
        _fixture.Http.Calls.Count.ShouldBe(10 + 30);
    }

    [Fact]
    public async Task Probes_of_an_open_merchant_do_not_open_the_circuit_of_all()
    {
        await OpenOneMerchantAsync("sick");
        for (var i = 0; i < 30; i++)
        {
            _fixture.Time.Advance(Break);
            (await _fixture.AskAsync(Failing, "sick")).Class.ShouldBe(ResponseClass.Transient);
        }

        _fixture.Circuits.IsClosed.ShouldBeTrue();
        _fixture.Circuits.ScopesProbedFor(30 * Break).ShouldBe([RoutingFixture.ScopeOf("sick")]);
        _fixture.Circuits.ScopesProbedFor((30 * Break) + TimeSpan.FromTicks(1)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Failures_of_many_merchants_without_a_success_open_the_circuit_of_all()
    {
        for (var i = 0; i < 10; i++)
        {
            _fixture.Circuits.IsClosed.ShouldBeTrue();
            await _fixture.AskAsync(Failing, $"m-{i}");
        }

        _fixture.Circuits.IsClosed.ShouldBeFalse();
        _fixture.Circuits.OpenMerchants.ShouldBe(0);
    }

    [Theory]
    [InlineData("4", 4)]
    [InlineData(null, 1)]
    public async Task Limit_pauses_its_merchant_as_long_as_told(string? retryAfter, int seconds)
    {
        await _fixture.AskAsync(() => ScriptedHttp.Status(429, retryAfter), "limited");

        _fixture.Time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
        (await _fixture.AskAsync(MarkHealthy, "limited")).Class.ShouldBe(ResponseClass.NotCalled);
        (await _fixture.AskAsync(MarkHealthy, "other")).Class.ShouldBe(ResponseClass.Routed);
        _fixture.Time.Advance(TimeSpan.FromMilliseconds(1));
        (await _fixture.AskAsync(MarkHealthy, "limited")).Class.ShouldBe(ResponseClass.Routed);
    }

    [Fact]
    public async Task Limits_never_open_a_circuit()
    {
        for (var i = 0; i < 40; i++)
        {
            await _fixture.AskAsync(() => ScriptedHttp.Status(429), "limited");
            _fixture.Time.Advance(TimeSpan.FromSeconds(1));
        }

        (_fixture.Circuits.IsClosed, _fixture.Circuits.OpenMerchants).ShouldBe((true, 0));
        _fixture.Http.Calls.Count.ShouldBe(40);
    }

    [Fact]
    public async Task Second_limited_merchant_without_a_success_between_pauses_all_and_halves_the_concurrency()
    {
        _fixture.Pace.ConcurrencyOf(100).ShouldBe(100);
        await _fixture.AskAsync(() => ScriptedHttp.Status(429, "60"), "a");
        await _fixture.AskAsync(MarkHealthy, "healthy");
        await _fixture.AskAsync(() => ScriptedHttp.Status(429, "60"), "b");
        (_fixture.Circuits.BreakRemaining, _fixture.Pace.ConcurrencyOf(100)).ShouldBe((TimeSpan.Zero, 100));

        await _fixture.AskAsync(() => ScriptedHttp.Status(429, "60"), "c");

        (_fixture.Circuits.BreakRemaining, _fixture.Pace.ConcurrencyOf(100)).ShouldBe((TimeSpan.FromSeconds(5), 50));
        (await _fixture.AskAsync(MarkHealthy, "healthy")).Class.ShouldBe(ResponseClass.NotCalled);
        _fixture.Time.Advance(TimeSpan.FromSeconds(5));
        await _fixture.AskAsync(10, MarkHealthy, "healthy");
        _fixture.Pace.ConcurrencyOf(100).ShouldBe(51);
    }

    [Fact]
    public async Task Limit_of_one_merchant_at_two_sources_is_no_limit_of_the_service()
    {
        _fixture.Http.Answer = _ => ScriptedHttp.Status(429, "60");
        await AskAsync("easypost", "a");
        await AskAsync("ups", "a");
        (_fixture.Circuits.BreakRemaining, _fixture.Pace.ConcurrencyOf(100)).ShouldBe((TimeSpan.Zero, 100));

        await AskAsync("ups", "b");

        _fixture.Circuits.BreakRemaining.ShouldBe(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Circuit_of_a_merchant_at_one_source_does_not_stop_its_events_of_another()
    {
        _fixture.Http.Answer = _ => Failing();
        for (var i = 0; i < 9; i++) await AskAsync("easypost", "m-1");
        await _fixture.AskAsync(MarkHealthy, "healthy");
        _fixture.Http.Answer = _ => Failing();

        await AskAsync("easypost", "m-1");

        _fixture.Circuits.BlockedScopes.ShouldBe([new RoutingScope("easypost", "m-1")]);
        _fixture.Http.Answer = _ => MarkHealthy();
        (await AskAsync("easypost", "m-1")).Class.ShouldBe(ResponseClass.NotCalled);
        (await AskAsync("ups", "m-1")).Class.ShouldBe(ResponseClass.Routed);
        (await _fixture.AskAsync("m-1")).Class.ShouldBe(ResponseClass.Routed);
    }

    [Fact]
    public async Task Limited_probe_keeps_the_circuit_open_for_another_break()
    {
        await _fixture.OpenCircuitAsync();
        _fixture.Time.Advance(Break);

        await _fixture.AskAsync(() => ScriptedHttp.Status(429), "m-2");

        _fixture.Circuits.IsClosed.ShouldBeFalse();
        _fixture.Circuits.BreakRemaining.ShouldBe(Break);
    }

    [Fact]
    public async Task Longest_unused_closed_circuit_makes_room()
    {
        await OpenOneMerchantAsync("sick");
        await _fixture.AskAsync(9, Failing, "first");
        await _fixture.AskAsync(1, MarkHealthy, "second");
        for (var i = 0; i < MerchantCircuits.Most - 2; i++) Began($"m-{i}");
        _fixture.Circuits.BlockedScopes.ShouldBe([RoutingFixture.ScopeOf("sick")], "an open circuit stays");

        await _fixture.AskAsync(1, Failing, "first");

        _fixture.Circuits.OpenMerchants.ShouldBe(1, "its nine failures are forgotten");
    }

    [Fact]
    public void Circuit_that_made_room_while_its_calls_ran_is_not_in_trouble_for_ever()
    {
        var slow = RoutingFixture.ScopeOf("slow");
        var permits = Enumerable.Range(0, 10).Select(_ => _fixture.Circuits.TryBegin(slow, out var _)!.Value).ToList();
        for (var i = 0; i < MerchantCircuits.Most; i++) Began($"m-{i}");

        foreach (var permit in permits)
            _fixture.Circuits.Ended(permit, new RoutingResponse(ResponseClass.Transient, AttemptResult.TimedOut));

        _fixture.Circuits.TroubledScopes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Failed_probe_begins_another_break_and_the_circuit_stays_open()
    {
        await _fixture.OpenCircuitAsync();
        _fixture.Time.Advance(Break);

        await _fixture.AskAsync(1, Failing);

        _fixture.Circuits.IsClosed.ShouldBeFalse();
        _fixture.Circuits.BreakRemaining.ShouldBe(Break);
        _fixture.Circuits.OpenFor.ShouldBe(Break);
        _fixture.Time.Advance(Break);
        _fixture.Circuits.OpenFor.ShouldBe(2 * Break);
    }

    [Fact]
    public void Closed_circuit_has_no_break_and_no_open_time()
    {
        _fixture.Time.Advance(TimeSpan.FromDays(1));

        _fixture.Circuits.BreakRemaining.ShouldBe(TimeSpan.Zero);
        _fixture.Circuits.OpenFor.ShouldBe(TimeSpan.Zero);
    }

    private static Task<HttpResponseMessage> Failing() => ScriptedHttp.Status(500);

    private static Task<HttpResponseMessage> MarkHealthy() => ScriptedHttp.Json("""{"routed":true}""");

    private async Task OpenOneMerchantAsync(string merchant)
    {
        for (var i = 0; i < 10; i++)
        {
            await _fixture.AskAsync(Failing, merchant);
            await _fixture.AskAsync(MarkHealthy, "healthy");
        }
    }

    private Task<RoutingResponse> AskAsync(string source, string merchant) => _fixture.Client.RouteAsync(
        RoutingFixture.Event(merchant: merchant) with { Source = source }, CancellationToken.None);

    private void Began(string merchant)
        => _fixture.Circuits.Ended(_fixture.Circuits.TryBegin(RoutingFixture.ScopeOf(merchant), out _)!.Value, response: null);
}
