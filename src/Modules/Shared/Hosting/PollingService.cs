using Microsoft.Extensions.Hosting;

namespace Gateway.Shared.Hosting;

/// <summary>
/// Repeats one unit of work from the moment that the host has started until it stops. A failed run is reported, and the next run
/// waits.
/// </summary>
public abstract class PollingService(
    TimeSpan faultWait, TimeSpan stopGrace, TimeProvider time) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private volatile bool _isHealthy = true;
    private long _lastRun = time.GetTimestamp();

    protected TimeProvider Time => time;

    protected bool HasEnded => _running.IsCompleted;

    protected TimeSpan SinceLastRun => time.GetElapsedTime(Volatile.Read(ref _lastRun));

    /// <summary>After the start of the host, because a run may call an endpoint of this process.</summary>
    public virtual Task StartedAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(RunUntilStoppedAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Before anything stops. A backend that hangs may delay the end of a run, but not the shutdown.</summary>
    public virtual async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(stopGrace, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public virtual Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract Task RunOnceAsync(CancellationToken stop);

    /// <summary>Logs a failed run; the next run begins after <paramref name="wait"/>.</summary>
    /// <param name="fault">The exception of the run.</param>
    /// <param name="wait">The time until the next run.</param>
    /// <param name="isFirstFailure">True for the first failure of an outage, so that an outage is logged once.</param>
    protected abstract void Report(Exception fault, TimeSpan wait, bool isFirstFailure);

    /// <summary>Ends an outage before the run ends, for runs that last until something fails.</summary>
    protected void MarkHealthy() => _isHealthy = true;

    private async Task RunUntilStoppedAsync()
    {
        var stop = _stop.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Volatile.Write(ref _lastRun, time.GetTimestamp());
                await RunOnceAsync(stop);
                MarkHealthy();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                Report(fault, faultWait, _isHealthy);
                _isHealthy = false;
                // Only a stop shortens this wait, and the loop sees the stop.
                await Task.Delay(faultWait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
