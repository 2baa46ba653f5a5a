using Gateway.Shared.Hosting;
using Gateway.TestSupport;

namespace Gateway.Shared.Tests.Hosting;

public sealed class WorkSignalTests
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(30);

    private readonly SteppedTime _time = new();

    [Fact]
    public async Task Signal_wakes_the_waiter()
    {
        var signal = new WorkSignal(_time);

        var waiting = signal.WaitAsync(AtMost, CancellationToken.None);
        waiting.IsCompleted.ShouldBeFalse();
        signal.Raise();

        await waiting.WaitAsync(SteppedTime.Timeout);
    }

    [Fact]
    public async Task Signal_raised_before_the_wait_is_not_lost()
    {
        var signal = new WorkSignal(_time);
        signal.Raise();

        await signal.WaitAsync(AtMost, CancellationToken.None).WaitAsync(SteppedTime.Timeout);
    }

    [Fact]
    public async Task Many_signals_wake_the_waiter_once()
    {
        var signal = new WorkSignal(_time);
        for (var i = 0; i < 3; i++) signal.Raise();

        await signal.WaitAsync(AtMost, CancellationToken.None).WaitAsync(SteppedTime.Timeout);

        signal.WaitAsync(AtMost, CancellationToken.None).IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Wait_returns_once_whether_work_was_signalled()
    {
        var signal = new WorkSignal(_time);
        signal.Wake();
        (await signal.WaitAsync(AtMost, CancellationToken.None).WaitAsync(SteppedTime.Timeout)).ShouldBeFalse();

        signal.Raise();
        signal.Wake();
        (await signal.WaitAsync(AtMost, CancellationToken.None).WaitAsync(SteppedTime.Timeout)).ShouldBeTrue();

        signal.Wake();
        (await signal.WaitAsync(AtMost, CancellationToken.None).WaitAsync(SteppedTime.Timeout)).ShouldBeFalse();
    }

    [Fact]
    public async Task Wait_ends_after_its_maximum_time()
    {
        var signal = new WorkSignal(_time);

        var waiting = signal.WaitAsync(AtMost, CancellationToken.None);
        _time.Advance(AtMost - TimeSpan.FromTicks(1));
        waiting.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromTicks(1));

        await waiting.WaitAsync(SteppedTime.Timeout);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(-500)]
    public async Task Wait_whose_time_is_over_ends_at_once(int milliseconds)
    {
        var signal = new WorkSignal(_time);
        var over = TimeSpan.FromMilliseconds(milliseconds);

        (await signal.WaitAsync(over, CancellationToken.None).WaitAsync(SteppedTime.Timeout)).ShouldBeFalse();

        signal.Raise();
        (await signal.WaitAsync(over, CancellationToken.None).WaitAsync(SteppedTime.Timeout)).ShouldBeTrue();
    }

    [Fact]
    public async Task Cancelled_wait_throws()
    {
        var signal = new WorkSignal(_time);
        using var stopping = new CancellationTokenSource();

        var waiting = signal.WaitAsync(AtMost, stopping.Token);
        await stopping.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(waiting);
    }
}
