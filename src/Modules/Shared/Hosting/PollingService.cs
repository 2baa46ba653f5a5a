using Microsoft.Extensions.Hosting;

namespace Gateway.Shared.Hosting;

/// <summary>
/// Turn after turn, from the moment that everything has started until the process is told to stop. A turn that fails is
/// reported, and the next one waits.
/// </summary>
public abstract class PollingService(TimeSpan faultWait, TimeSpan stopGrace, TimeProvider time) : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;
    private volatile bool _isHealthy = true;
    private long _lastRun = time.GetTimestamp();

    protected bool HasEnded => _running.IsCompleted;

    protected TimeSpan SinceLastRun => time.GetElapsedTime(Volatile.Read(ref _lastRun));

    /// <summary>Not before everything has started: what a turn calls may be served by this process.</summary>
    public virtual Task StartedAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(RunUntilStoppedAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Before anything stops. Only an engine that hangs keeps a turn from ending; it must not keep the process.</summary>
    public virtual async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(stopGrace, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract Task RunOnceAsync(CancellationToken stop);

    /// <summary>Says what went wrong; the next turn begins after <paramref name="wait"/>.</summary>
    /// <param name="fault">What the turn ended with.</param>
    /// <param name="wait">Until the next one.</param>
    /// <param name="isFirstFailure">The first fault since all was well: an outage is told once.</param>
    protected abstract void Report(Exception fault, TimeSpan wait, bool isFirstFailure);

    /// <summary>Ends an outage before the turn ends: for turns that last as long as all is well.</summary>
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
                // By time alone: no signal shortens it. A stop does, and the loop sees it.
                await Task.Delay(faultWait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
