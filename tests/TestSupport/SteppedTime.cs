using Microsoft.Extensions.Time.Testing;

namespace Gateway.TestSupport;

/// <summary>A clock that stands still until a test advances it, and that reports which timers run on it.</summary>
public sealed class SteppedTime() : FakeTimeProvider(new DateTimeOffset(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero))
{
    /// <summary>Ends a test that would hang; a passing test does not reach it.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly List<RunningTimer> _running = [];
    private TaskCompletionSource _started = NewSignal();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new RunningTimer(this);
        timer.Start(base.CreateTimer(
            argument =>
            {
                timer.Stop();
                callback(argument);
            },
            state, global::System.Threading.Timeout.InfiniteTimeSpan, global::System.Threading.Timeout.InfiniteTimeSpan), dueTime,
            period);
        return timer;
    }

    /// <summary>
    /// Returns once a timer of <paramref name="dueTime"/> runs, which is from then on safe to advance to. A timer that has
    /// elapsed or was disposed does not count: with one left over from an earlier call, a test advanced the clock before the
    /// code under test had set its own. Each timer counts once.
    /// </summary>
    public async Task TimerRunsAsync(TimeSpan dueTime)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        while (true)
        {
            Task started;
            lock (_lock)
            {
                if (_running.FindIndex(timer => timer.DueTime == dueTime) is var at and >= 0)
                {
                    _running.RemoveAt(at);
                    return;
                }

                started = _started.Task;
            }

            await started.WaitAsync(timeout.Token);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class RunningTimer(SteppedTime time) : ITimer
    {
        private ITimer _timer = null!;
        private bool _isOver;

        public TimeSpan DueTime { get; private set; }

        public void Start(ITimer timer, TimeSpan dueTime, TimeSpan period)
        {
            _timer = timer;
            Change(dueTime, period);
        }

        /// <summary>The timer counts once it is set, because the test may advance the clock at once.</summary>
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Stop();
            _isOver = dueTime < TimeSpan.Zero;
            DueTime = dueTime;
            var isSet = _timer.Change(dueTime, period);
            lock (time._lock)
            {
                if (_isOver) return isSet;
                time._running.Add(this);
                (var started, time._started) = (time._started, NewSignal());
                started.SetResult();
            }

            return isSet;
        }

        /// <summary>It has elapsed, or was disposed.</summary>
        public void Stop()
        {
            lock (time._lock)
            {
                _isOver = true;
                time._running.Remove(this);
            }
        }

        public void Dispose()
        {
            Stop();
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Stop();
            return _timer.DisposeAsync();
        }
    }
}
