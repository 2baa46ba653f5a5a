using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>
/// Reads the backlog from store and broker, on behalf of metrics, health checks and console. It reads every 2 s; a slow query
/// is repeated less often, so that it runs at most a twentieth of the time. Pending events and totals are separate queries,
/// because the totals of a large store can exceed the query timeout.
/// </summary>
/// <param name="backlog">Receives the result.</param>
/// <param name="events">The store.</param>
/// <param name="queued">Empty in the Embedded profile: there the store is the queue.</param>
/// <param name="pauses">A process without a worker reads them here: ages do not count during a pause.</param>
/// <param name="time">The clock of this process.</param>
/// <param name="log">One line per outage.</param>
internal sealed class BacklogMonitor(
    Backlog backlog, IEventQueries events, IEnumerable<IQueuedEvents> queued, RoutingPauses pauses, TimeProvider time,
    ILogger<BacklogMonitor> log)
    // A stop does not wait for a query: its result is not needed any more.
    : PollingService(Interval, stopGrace: TimeSpan.Zero, time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private const int PausePerQuery = 20;

    private readonly TimeProvider _time = time;
    private TimeSpan _pause;
    private EventCounts _totals;
    private long _totalsReadAt;
    private TimeSpan _totalsPause;
    private bool _isCountFaultLogged;
    private long? _queued;

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        await Task.Delay(_pause, _time, stop);
        // After a fault PollingService waits; no further pause is needed.
        _pause = TimeSpan.Zero;
        try
        {
            _queued = await QueuedAsync();
            var begun = _time.GetTimestamp();
            var pending = await events.PendingAsync(stop);
            var pause = PausePerQuery * _time.GetElapsedTime(begun);
            var counts = await CountAsync(pending, stop);
            await pauses.RefreshAsync(Interval, stop);
            backlog.Latest = new BacklogSnapshot(_time.GetUtcNow(), counts, pending.OldestDue, _queued, Fault: null);
            _pause = pause > Interval ? pause : Interval;
        }
        catch (Exception fault) when (stop.IsCancellationRequested)
        {
            throw new OperationCanceledException("stopped during a query", fault, stop);
        }
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
    {
        // The number of queued messages matters most while the store is unavailable.
        if (backlog.Latest is { } known) backlog.Latest = known with { Queued = _queued, Fault = fault.Message };
        var unexpected = fault is BackendUnavailableException ? null : fault;
        if (isFirstFailure) OperationsLog.BacklogUnknown(log, fault.Message, unexpected);
    }

    private async Task<EventCounts> CountAsync(PendingEvents pending, CancellationToken stop)
    {
        if (_time.GetElapsedTime(_totalsReadAt) >= _totalsPause)
        {
            var begun = _time.GetTimestamp();
            try
            {
                _totals = await events.CountAsync(stop);
                _isCountFaultLogged = false;
                return _totals;
            }
            catch (BackendUnavailableException fault) when (!stop.IsCancellationRequested)
            {
                if (!_isCountFaultLogged) OperationsLog.BacklogUnknown(log, fault.Message, null);
                _isCountFaultLogged = true;
            }
            finally
            {
                _totalsReadAt = _time.GetTimestamp();
                _totalsPause = PausePerQuery * _time.GetElapsedTime(begun, _totalsReadAt);
            }
        }

        return _totals with { Pending = pending.Count, OldestPending = pending.Oldest };
    }

    private async Task<long?> QueuedAsync()
    {
        try
        {
            return queued.SingleOrDefault() is { } queue ? await queue.CountAsync() : null;
        }
        catch (BackendUnavailableException)
        {
            // The health check reports the reason.
            return null;
        }
    }
}
