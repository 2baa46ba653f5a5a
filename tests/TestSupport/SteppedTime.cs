using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.TestSupport;

/// <summary>A clock that stands still until told, and tells when somebody waits on it: no test has to guess.</summary>
public sealed class SteppedTime() : FakeTimeProvider(new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero))
{
    /// <summary>What never comes fails its test instead of holding up the run; nothing passes because of it.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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
        using var patience = new CancellationTokenSource(Patience);
        while (await _timers.Reader.ReadAsync(patience.Token) != dueTime)
        {
        }
    }
}
