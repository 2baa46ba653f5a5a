using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.RoutingService.Tests;

/// <summary>A clock that stands still until told, and tells when somebody waits on it: no test has to guess.</summary>
internal sealed class SteppedTime() : FakeTimeProvider(new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero))
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Returns once somebody waits for <paramref name="dueTime"/>.</summary>
    public async Task SomebodyWaits(TimeSpan dueTime)
    {
        await foreach (var timer in _timers.Reader.ReadAllAsync())
            if (timer == dueTime) return;
    }
}
