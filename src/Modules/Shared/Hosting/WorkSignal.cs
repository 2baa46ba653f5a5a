using System.Threading.Channels;

namespace Gateway.Shared.Hosting;

/// <summary>
/// Signals that work is available. It wakes its one waiter once, however often it was raised. The waiter can be woken for another
/// reason too.
/// </summary>
public sealed class WorkSignal(TimeProvider time)
{
    private readonly Channel<bool> _raised = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private int _isWork;

    public void Raise()
    {
        Volatile.Write(ref _isWork, 1);
        Wake();
    }

    /// <summary>Not because of work.</summary>
    public void Wake() => _raised.Writer.TryWrite(true);

    /// <summary>
    /// Returns when raised or woken, or after <paramref name="atMost"/>: true where work was signalled since the last wait. A
    /// negative time ends the wait at once, because it may pass while the caller computes it; a timer takes -1 ms for no limit.
    /// </summary>
    public async Task<bool> WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(atMost > TimeSpan.Zero ? atMost : TimeSpan.Zero, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            await _raised.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Not raised in time: the caller looks for work anyway.
        }

        return Interlocked.Exchange(ref _isWork, 0) == 1;
    }
}
