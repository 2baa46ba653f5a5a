using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Telemetry;
using Gateway.Shared;
using Gateway.Shared.Errors;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ExpireEvents;

/// <summary>Step after step while there is something to remove, with pauses in which the door's commits pass; then a rest.</summary>
internal sealed class EventsSweeper(
    IEventRetention retention, IOptions<RetentionOptions> options, GatewayMetrics metrics, TimeProvider time, ILogger<EventsSweeper> log)
    : WorkerLoop(FaultWait, StopGrace, time)
{
    private static readonly TimeSpan FaultWait = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(1);

    // At least as long as the step has taken: a store that is swept has half of its time for the door and the worker.
    private static readonly TimeSpan LeastPause = TimeSpan.FromMilliseconds(150);

    private readonly TimeProvider _time = time;
    private Swept _sum;

    protected override async Task TurnAsync(CancellationToken stop)
    {
        var began = _time.GetTimestamp();
        var swept = await retention.SweepAsync(options.Value.Ages);
        metrics.AddBuried(swept.Buried);
        _sum = new Swept(_sum.Buried + swept.Buried, _sum.Cut + swept.Cut, _sum.Forgotten + swept.Forgotten, swept.HasMore);
        if (!swept.HasMore) Tell();
        var took = _time.GetElapsedTime(began);
        await Task.Delay(!swept.HasMore ? options.Value.Sweep : took > LeastPause ? took : LeastPause, _time, stop);
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isNews)
    {
        // The dispatcher tells the same store's faults.
        if (isNews) EventsGatewayLog.SweepWaits(log, fault.Message, wait, fault is EngineFaultException ? null : fault);
    }

    private void Tell()
    {
        if (_sum.Buried + _sum.Cut + _sum.Forgotten > 0) EventsGatewayLog.SweepDone(log, _sum.Buried, _sum.Cut, _sum.Forgotten);
        _sum = default;
    }
}
