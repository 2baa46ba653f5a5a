using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// Claims due events, as many as there are free slots, and starts an attempt for each. New work, free slots and due times
/// wake it.
/// </summary>
internal sealed class EventsDispatcher(
    EventClaims claims, AttemptRunner attempts, RoutingCircuits circuits, RoutingPauses pauses, CallPace pace, WorkSignal work,
    ProcessEventTelemetry telemetry, IOptions<ProcessingOptions> options, TimeProvider time, ILogger<EventsDispatcher> log)
    : PollingService(ProcessingOptions.FaultWait, ClaimGrace, time)
{
    private static readonly TimeSpan ClaimGrace = TimeSpan.FromSeconds(3);

    /// <summary>A break is waited for in slices, because a dispatcher that does not run is reported as stalled.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Isolated events run in a row for so long. The wait for the attempts in flight does not count: beside a call that takes its
    /// whole 10 s, a window would end before an isolated event has run.
    /// </summary>
    private static readonly TimeSpan QuietWindow = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Other work then runs this many times as long, so that isolated events cost at most a fifth of it. At 1 they cost half:
    /// 3 workers with 300 isolated events and calls of 2 s routed 70 events per second instead of 150.
    /// </summary>
    private const int OtherWork = 4;

    /// <summary>Beside running attempts: other workers may have stored more than they have slots for.</summary>
    private static readonly TimeSpan BusyPollInterval = TimeSpan.FromMilliseconds(500);

    private readonly ProcessingOptions _options = options.Value;
    private readonly TimeProvider _time = time;
    private readonly long _start = time.GetTimestamp();
    private TimeSpan _nextQuietWindow;

    /// <summary>False when it has ended, or has not run for three of its longest pauses and an attempt.</summary>
    public bool IsAlive => !HasEnded && SinceLastRun < (3 * LongestPause) + _options.AttemptTimeout;

    /// <summary>An isolated event runs, and nothing beside it.</summary>
    public bool IsQuiet { get; private set; }

    private TimeSpan Now => _time.GetElapsedTime(_start);

    public override Task StartedAsync(CancellationToken cancellationToken)
    {
        attempts.Start();
        return base.StartedAsync(cancellationToken);
    }

    /// <summary>
    /// Before anything else stops: the server may take long to close its last connections, and events in work must not
    /// call a stub that is closing. Ingest answers 503 meanwhile.
    /// </summary>
    public override async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await base.StoppingAsync(cancellationToken);
        await attempts.StopAsync();
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
    {
        if (fault is BackendUnavailableException) telemetry.StoreFault(fault);
        else EventsGatewayLog.DispatcherBroke(log, wait, fault);
    }

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        if (await IsPausedAsync(stop))
        {
            // No probe and no deadline either: the time of a pause does not count.
            await work.WaitAsync(_options.PollInterval, stop);
            return;
        }

        await claims.FailOverdueAsync(stop);
        if (circuits.BreakRemaining is var rest && rest > TimeSpan.Zero)
        {
            await Task.Delay(rest < LongestPause ? rest : LongestPause, _time, stop);
            return;
        }

        if (!circuits.IsClosed)
        {
            await ProbeAsync(stop);
            return;
        }

        var free = Math.Min(attempts.FreeSlots, pace.Available);
        if (free <= 0)
        {
            // Without a free call a slot that becomes free changes nothing: the wait is for the call.
            if (attempts.FreeSlots > 0) await Task.Delay(pace.NextIn + TimeSpan.FromMilliseconds(1), _time, stop);
            else await work.WaitAsync(_options.PollInterval, stop);
            return;
        }

        attempts.ClaimBegins();
        var batch = await claims.ClaimAsync(free, ClaimOrder.Oldest, stop);
        // Without other work an isolated event keeps none waiting, and one at a time keeps new work waiting for one attempt only.
        var isIdle = batch.Events.Count == 0 && attempts.InFlight == 0;
        if (batch.IsolatedDue && (isIdle || Now >= _nextQuietWindow))
            await RunIsolatedAsync(isIdle ? TimeSpan.Zero : QuietWindow, stop);
        else if (batch.Events.Count < free) await SleepAsync(batch, stop);
    }

    /// <summary>
    /// One call decides. Its event is any that is due, preferably of a merchant whose own circuit is closed: events that make
    /// the service fail cannot keep the circuit open, however many they are.
    /// </summary>
    private async Task ProbeAsync(CancellationToken stop)
    {
        var batch = await claims.ClaimProbeAsync(stop);
        if (batch.Events.Count > 0)
        {
            // Not for the calls that began before: they may take their whole time.
            await claims.LastBegun.WaitAsync(stop);
            return;
        }

        // Where only isolated events are left, one of them is the probe: without a probe the circuit never closes.
        if (batch.IsolatedDue)
        {
            await attempts.IdleAsync(stop);
            if (await IsPausedAsync(stop)) return;
            batch = await claims.ClaimAsync(1, ClaimOrder.Isolated, stop);
            await attempts.IdleAsync(stop);
        }

        if (batch.Events.Count == 0) await SleepAsync(batch, stop);
    }

    /// <summary>
    /// Where an isolated event kills its worker, no other attempt is abandoned with it. They run in a row, because each wait for
    /// the events in work costs the time of the slowest.
    /// </summary>
    private async Task RunIsolatedAsync(TimeSpan window, CancellationToken stop)
    {
        var asked = Now;
        IsQuiet = true;
        try
        {
            await attempts.IdleAsync(stop);
            var end = Now + window;
            while (circuits.IsClosed && !await IsPausedAsync(stop))
            {
                if ((await claims.ClaimAsync(1, ClaimOrder.Isolated, stop)).Events.Count == 0) break;
                await attempts.IdleAsync(stop);
                if (Now >= end) break;
            }
        }
        finally
        {
            IsQuiet = false;
            _nextQuietWindow = Now + (OtherWork * (Now - asked));
        }
    }

    /// <summary>Reads the pauses again after half the interval, so that one is seen within it.</summary>
    private async Task<bool> IsPausedAsync(CancellationToken stop)
    {
        await pauses.RefreshAsync(_options.PollInterval / 2, stop);
        return pauses.IsAllPaused;
    }

    /// <summary>
    /// All that was due is claimed, so an attempt that ends is no reason for another look: most of them found nothing. It is one
    /// where it may have been a probe, or where an isolated event waits for the last of them.
    /// </summary>
    private async Task SleepAsync(ClaimedBatch batch, CancellationToken stop)
    {
        var endsCount = batch.IsolatedDue || circuits.IsAnyTroubled;
        var longest = _options.PollInterval;
        if (!endsCount && attempts.InFlight > 0 && BusyPollInterval < longest) longest = BusyPollInterval;
        if (claims.NextUnblockedIn is { } unblocked && unblocked < longest) longest = unblocked;
        var until = Now + (batch.NextDueIn is { } next && next < longest ? next : longest);
        while (Now < until)
            if (await work.WaitAsync(until - Now, stop) || endsCount) return;
    }
}
