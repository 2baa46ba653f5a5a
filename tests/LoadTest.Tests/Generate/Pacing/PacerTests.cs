using System.Diagnostics;
using Gateway.LoadTest.Generate.Pacing;

namespace Gateway.LoadTest.Tests.Generate.Pacing;

public sealed class PacerTests
{
    [Fact]
    public void Due_time_of_the_millionth_request_has_no_drift()
        => OpenLoopPacer.DueOf(startedAt: 7, number: 1_000_000, rate: 3_000)
            .ShouldBe(7 + (long)(1_000_000 / 3_000.0 * Stopwatch.Frequency));

    [Fact]
    public async Task Late_connection_receives_the_overdue_slot()
    {
        var pacer = new OpenLoopPacer(rate: 2_000, duration: null);
        pacer.Start();

        var slots = new List<long>();
        for (var i = 0; i < 50; i++) slots.Add((await pacer.NextAsync(new SlotWaiter())).DueAt);
        pacer.Stop();

        slots.Select((due, i) => due - OpenLoopPacer.DueOf(slots[0], i, 2_000)).ShouldAllBe(drift => Math.Abs(drift) <= 1);
    }

    [Fact]
    public async Task Open_loop_assigns_rate_times_duration_slots()
    {
        var pacer = new OpenLoopPacer(rate: 1_000, TimeSpan.FromSeconds(0.1));
        pacer.Start();

        var slots = 0;
        while (!(await pacer.NextAsync(new SlotWaiter())).IsNone) slots++;

        slots.ShouldBe(100);
    }

    [Fact]
    public async Task Waiting_connection_receives_none_at_the_end()
    {
        var pacer = new OpenLoopPacer(rate: 0.001, duration: null);
        pacer.Start();
        (await pacer.NextAsync(new SlotWaiter())).IsNone.ShouldBeFalse();
        var waiting = pacer.NextAsync(new SlotWaiter());

        pacer.Stop();

        (await waiting).IsNone.ShouldBeTrue();
    }

    [Fact]
    public async Task Burst_releases_every_connection_once_and_at_the_same_time()
    {
        var pacer = new BurstPacer();
        SlotWaiter[] waiters = [.. Enumerable.Range(0, 10).Select(_ => new SlotWaiter())];
        var slots = waiters.Select(waiter => pacer.NextAsync(waiter).AsTask()).ToList();
        slots.ShouldAllBe(slot => !slot.IsCompleted);

        pacer.Start();

        (await Task.WhenAll(slots)).Distinct().ShouldHaveSingleItem().IsNone.ShouldBeFalse();
        (await pacer.NextAsync(waiters[0])).IsNone.ShouldBeTrue();
    }

    [Fact]
    public async Task Closed_loop_continues_until_it_is_stopped()
    {
        var pacer = new ClosedLoopPacer(duration: null);
        pacer.Start();
        (await pacer.NextAsync(new SlotWaiter())).IsNone.ShouldBeFalse();

        pacer.Stop();

        (await pacer.NextAsync(new SlotWaiter())).IsNone.ShouldBeTrue();
    }
}
