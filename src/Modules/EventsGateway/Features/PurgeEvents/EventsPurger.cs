using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.PurgeEvents;

/// <summary>
/// Purges step by step while there is old data, with pauses for other commits; then waits for the next interval.
/// </summary>
internal sealed class EventsPurger(
    IEventRetention retention, IOptions<RetentionOptions> options, GatewayMetrics metrics, TimeProvider time,
    ILogger<EventsPurger> log)
    : PollingService(FaultWait, StopGrace, time)
{
    private static readonly TimeSpan FaultWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1);

    // At least as long as the step has taken: ingest and worker have half of the time of the store.
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(150);

    private readonly TimeProvider _time = time;
    private PurgeResult _sum;

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        var began = _time.GetTimestamp();
        var purged = await retention.PurgeOnceAsync(options.Value.Ages);
        metrics.AddPurged(purged.Purged);
        _sum = new PurgeResult(
            _sum.Purged + purged.Purged, _sum.Trimmed + purged.Trimmed, _sum.Expired + purged.Expired, purged.HasMore);
        if (!purged.HasMore) LogSum();
        var took = _time.GetElapsedTime(began);
        await Task.Delay(!purged.HasMore ? options.Value.Interval : took > LeastPause ? took : LeastPause, _time, stop);
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
    {
        // The dispatcher logs the faults of the same store too.
        if (isFirstFailure)
            OperationsLog.PurgeWaits(log, fault.Message, wait, fault is BackendUnavailableException ? null : fault);
    }

    private void LogSum()
    {
        if (_sum.Purged + _sum.Trimmed + _sum.Expired > 0)
            OperationsLog.PurgeDone(log, _sum.Purged, _sum.Trimmed, _sum.Expired);
        _sum = default;
    }
}
