using System.Diagnostics;
using Gateway.LoadTest.Pacing;

namespace Gateway.LoadTest.Tests.Pacing;

public sealed class PaceTests
{
    [Fact]
    public void The_millionth_request_is_due_where_the_rate_puts_it()
        => OpenPace.DueOf(beganAt: 7, number: 1_000_000, rate: 3_000)
            .ShouldBe(7 + (long)(1_000_000 / 3_000.0 * Stopwatch.Frequency));

    [Fact]
    public async Task A_late_connection_gets_the_turn_that_it_is_late_for()
    {
        var pace = new OpenPace(rate: 2_000, duration: null);
        pace.Begin();

        var turns = new List<long>();
        for (var i = 0; i < 50; i++) turns.Add((await pace.NextAsync(new Waiter())).DueAt);
        pace.End();

        turns.Select((due, i) => due - OpenPace.DueOf(turns[0], i, 2_000)).ShouldAllBe(drift => Math.Abs(drift) <= 1);
    }

    [Fact]
    public async Task An_open_loop_offers_exactly_its_rate_times_its_duration()
    {
        var pace = new OpenPace(rate: 1_000, TimeSpan.FromSeconds(0.1));
        pace.Begin();

        var turns = 0;
        while (!(await pace.NextAsync(new Waiter())).IsNone) turns++;

        turns.ShouldBe(100);
    }

    [Fact]
    public async Task Whoever_waits_for_a_turn_is_told_of_the_end()
    {
        var pace = new OpenPace(rate: 0.001, duration: null);
        pace.Begin();
        (await pace.NextAsync(new Waiter())).IsNone.ShouldBeFalse();
        var waiting = pace.NextAsync(new Waiter());

        pace.End();

        (await waiting).IsNone.ShouldBeTrue();
    }

    [Fact]
    public async Task A_burst_releases_everybody_at_the_same_moment_and_once()
    {
        var pace = new BurstPace();
        Waiter[] waiters = [.. Enumerable.Range(0, 10).Select(_ => new Waiter())];
        var turns = waiters.Select(waiter => pace.NextAsync(waiter).AsTask()).ToList();
        turns.ShouldAllBe(turn => !turn.IsCompleted);

        pace.Begin();

        (await Task.WhenAll(turns)).Distinct().ShouldHaveSingleItem().IsNone.ShouldBeFalse();
        (await pace.NextAsync(waiters[0])).IsNone.ShouldBeTrue();
    }

    [Fact]
    public async Task A_closed_loop_goes_on_until_it_is_ended()
    {
        var pace = new ClosedPace(duration: null);
        pace.Begin();
        (await pace.NextAsync(new Waiter())).IsNone.ShouldBeFalse();

        pace.End();

        (await pace.NextAsync(new Waiter())).IsNone.ShouldBeTrue();
    }
}
