using Gateway.EventsGateway.Queue;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>
/// Asks store and broker what waits, so that nobody else has to: every 2 s, and no question for more than a twentieth of the
/// time, however long a large store takes for its answer. What waits is asked apart from how many there are in all: that may
/// take longer than the store is given.
/// </summary>
/// <param name="backlog">Where the answer is kept.</param>
/// <param name="events">The store.</param>
/// <param name="queued">None in the profile Embedded: there the store is the queue.</param>
/// <param name="time">The clock of this process.</param>
/// <param name="log">Told once per outage.</param>
internal sealed class BacklogMonitor(
    Backlog backlog, IEventQueries events, IEnumerable<IQueuedEvents> queued, TimeProvider time, ILogger<BacklogMonitor> log)
    // Whatever the store is still being asked at a stop, nobody needs the answer.
    : PollingService(Interval, stopGrace: TimeSpan.Zero, time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private const int PausePerAsking = 20;

    private readonly TimeProvider _time = time;
    private TimeSpan _pause;
    private EventCounts _totals;
    private long _totalsAskedAt;
    private TimeSpan _totalsPause;
    private bool _isCountFaultLogged;
    private long? _queued;

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        await Task.Delay(_pause, _time, stop);
        // A store that is away is asked for nothing that costs it anything: the wait after the fault is enough.
        _pause = TimeSpan.Zero;
        try
        {
            _queued = await QueuedAsync();
            var begun = _time.GetTimestamp();
            var pending = await events.PendingAsync(stop);
            var pause = PausePerAsking * _time.GetElapsedTime(begun);
            var counts = await CountAsync(pending, stop);
            backlog.Latest = new BacklogSnapshot(_time.GetUtcNow(), counts, pending.OldestDue, _queued, Fault: null);
            _pause = pause > Interval ? pause : Interval;
        }
        catch (Exception fault) when (stop.IsCancellationRequested)
        {
            throw new OperationCanceledException("told to stop while asking", fault, stop);
        }
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
    {
        // The broker is worth knowing above all while the store takes nothing out of it.
        if (backlog.Latest is { } known) backlog.Latest = known with { Queued = _queued, Fault = fault.Message };
        if (isFirstFailure) EventsGatewayLog.BacklogUnknown(log, fault.Message, fault is BackendUnavailableException ? null : fault);
    }

    private async Task<EventCounts> CountAsync(PendingEvents pending, CancellationToken stop)
    {
        if (_time.GetElapsedTime(_totalsAskedAt) >= _totalsPause)
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
                if (!_isCountFaultLogged) EventsGatewayLog.BacklogUnknown(log, fault.Message, null);
                _isCountFaultLogged = true;
            }
            finally
            {
                _totalsAskedAt = _time.GetTimestamp();
                _totalsPause = PausePerAsking * _time.GetElapsedTime(begun, _totalsAskedAt);
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
            // Readiness tells why.
            return null;
        }
    }
}
