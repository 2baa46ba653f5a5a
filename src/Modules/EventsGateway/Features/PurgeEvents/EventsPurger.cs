using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.PurgeEvents;

/// <summary>Step after step while there is something to remove, with pauses in which the door's commits pass; then a rest.</summary>
internal sealed class EventsPurger(
    IEventRetention retention, IOptions<RetentionOptions> options, GatewayMetrics metrics, TimeProvider time, ILogger<EventsPurger> log)
    : PollingService(FaultWait, StopGrace, time)
{
    private static readonly TimeSpan FaultWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1);

    // At least as long as the step has taken: a store that is swept has half of its time for the door and the worker.
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(150);

    private readonly TimeProvider _time = time;
    private PurgeResult _sum;

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        var began = _time.GetTimestamp();
        var swept = await retention.PurgeOnceAsync(options.Value.Ages);
        metrics.AddPurged(swept.Purged);
        _sum = new PurgeResult(_sum.Purged + swept.Purged, _sum.Cut + swept.Cut, _sum.Forgotten + swept.Forgotten, swept.HasMore);
        if (!swept.HasMore) Tell();
        var took = _time.GetElapsedTime(began);
        await Task.Delay(!swept.HasMore ? options.Value.Sweep : took > LeastPause ? took : LeastPause, _time, stop);
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
    {
        // The dispatcher tells the same store's faults.
        if (isFirstFailure) EventsGatewayLog.PurgeWaits(log, fault.Message, wait, fault is BackendUnavailableException ? null : fault);
    }

    private void Tell()
    {
        if (_sum.Purged + _sum.Cut + _sum.Forgotten > 0) EventsGatewayLog.PurgeDone(log, _sum.Purged, _sum.Cut, _sum.Forgotten);
        _sum = default;
    }
}
