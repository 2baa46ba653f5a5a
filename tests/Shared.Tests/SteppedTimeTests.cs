using Gateway.TestSupport;

namespace Gateway.Shared.Tests;

public sealed class SteppedTimeTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly SteppedTime _time = new();

    [Fact]
    public async Task Timer_that_was_disposed_or_has_elapsed_does_not_count()
    {
        new CancellationTokenSource(Second, _time).Dispose();
        using var elapsed = new CancellationTokenSource(Second, _time);
        _time.Advance(Second);

        var waits = _time.TimerRunsAsync(Second);
        waits.IsCompleted.ShouldBeFalse();
        var delay = Task.Delay(Second, _time);

        await waits;
        _time.Advance(Second);
        await delay;
    }

    [Fact]
    public async Task Timers_of_another_due_time_still_count_later_and_each_counts_once()
    {
        _ = Task.Delay(2 * Second, _time);
        _ = Task.Delay(Second, _time);

        await _time.TimerRunsAsync(Second);
        await _time.TimerRunsAsync(2 * Second);

        var waits = _time.TimerRunsAsync(Second);
        waits.IsCompleted.ShouldBeFalse();
        _ = Task.Delay(Second, _time);
        await waits;
    }

    [Fact]
    public async Task Timer_that_is_set_anew_counts_anew()
    {
        using var source = new CancellationTokenSource(Second, _time);
        await _time.TimerRunsAsync(Second);

        source.CancelAfter(2 * Second);

        await _time.TimerRunsAsync(2 * Second);
        _time.Advance(2 * Second);
        source.IsCancellationRequested.ShouldBeTrue();
    }
}
