using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// Claims as many due events as there are free slots and starts an attempt for each. Runs when events arrive, a slot becomes
/// free or an event becomes due.
/// </summary>
internal sealed class EventsDispatcher(
    IEventRepository events, AttemptRunner attempts, RoutingCircuitBreaker breaker, WorkSignal work,
    ProcessEventTelemetry telemetry,
    DeadlinePolicy deadline, IOptions<ProcessingOptions> options, TimeProvider time, ILogger<EventsDispatcher> log)
    : PollingService(ProcessingOptions.FaultWait, ClaimGrace, time)
{
    private static readonly TimeSpan ClaimGrace = TimeSpan.FromSeconds(3);

    /// <summary>Waits for the end of a break in slices, because a dispatcher that does not run is reported as stalled.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly ProcessingOptions _options = options.Value;
    private readonly TimeProvider _time = time;

    private bool _nextProbeIsNewest;

    /// <summary>False when it has ended, or has not run for three of its longest pauses plus the time of an attempt.</summary>
    public bool IsAlive => !HasEnded && SinceLastRun < (3 * LongestPause) + _options.AttemptTimeout;

    public override Task StartedAsync(CancellationToken cancellationToken)
    {
        attempts.Start();
        return base.StartedAsync(cancellationToken);
    }

    /// <summary>
    /// Drains before the web server stops: closing the last connections may take long, and attempts must not call the stub of
    /// this process while it closes. Ingest answers 503 meanwhile.
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
        if (!breaker.IsClosed)
        {
            await ProbeAsync(stop);
            return;
        }

        var free = attempts.FreeSlots;
        if (free <= 0)
        {
            await work.WaitAsync(_options.PollInterval, stop);
            return;
        }

        var batch = await ClaimAsync(free, ClaimOrder.Oldest, stop);
        if (batch.IsolatedDue) await RunIsolatedAsync(stop);
        else if (batch.Events.Count < free) await SleepAsync(batch, stop);
    }

    /// <summary>
    /// Waits for the end of the break, then probes with one event: alternately the one with the earliest due time, which a failed
    /// probe moves behind all others, and the one that was received last. So events that make the service fail cannot keep the
    /// circuit open, regardless of their number.
    /// </summary>
    private async Task ProbeAsync(CancellationToken stop)
    {
        if (deadline.FailsWaitingEvents(breaker.OpenFor)) await FailOverdueAsync(stop);
        if (breaker.BreakRemaining is var rest && rest > TimeSpan.Zero)
        {
            await Task.Delay(rest < LongestPause ? rest : LongestPause, _time, stop);
            return;
        }

        await attempts.IdleAsync(stop);
        var batch = await ClaimAsync(1, _nextProbeIsNewest ? ClaimOrder.Newest : ClaimOrder.Oldest, stop);
        _nextProbeIsNewest = !_nextProbeIsNewest;
        await attempts.IdleAsync(stop);
        if (batch.Events.Count > 0) return;

        // If only isolated events are due, one of them is the probe: without a probe the circuit would never close.
        if (batch.IsolatedDue) await RunIsolatedAsync(stop);
        else await SleepAsync(batch, stop);
    }

    /// <summary>Runs one event alone: if it crashes the worker, no other attempt is abandoned.</summary>
    private async Task RunIsolatedAsync(CancellationToken stop)
    {
        await attempts.IdleAsync(stop);
        await ClaimAsync(1, ClaimOrder.Isolated, stop);
        await attempts.IdleAsync(stop);
    }

    private async Task<ClaimedBatch> ClaimAsync(int limit, ClaimOrder order, CancellationToken stop)
    {
        var batch = await events.ClaimDueAsync(new ClaimRequest(limit, order, _options.Lease));
        foreach (var key in batch.Poisoned)
            telemetry.FailedWithoutAttempt(key, FailureReason.Poison, CrashLoopPolicy.PoisonError);
        if (stop.IsCancellationRequested)
        {
            // The runner may have stopped: then the events are released without an attempt.
            var released = batch.Events.Select(
                claimed => new Attempt(claimed, _time).Released(ReleasePolicy.Wait, "the process stops"));
            await events.SaveOutcomesAsync([.. released]);
            stop.ThrowIfCancellationRequested();
        }

        foreach (var claimed in batch.Events) attempts.Begin(claimed);
        return batch;
    }

    private async Task FailOverdueAsync(CancellationToken stop)
    {
        IReadOnlyList<EventKey> failed;
        do
        {
            failed = await events.FailOverdueAsync(deadline.GiveUpAfter, deadline.UnreachableError);
            foreach (var key in failed)
                telemetry.FailedWithoutAttempt(key, FailureReason.DeadlineExceeded, deadline.UnreachableError);
        }
        while (failed.Count > 0 && !stop.IsCancellationRequested);
    }

    private Task SleepAsync(ClaimedBatch batch, CancellationToken stop)
        => work.WaitAsync(batch.NextDueIn is { } next && next < _options.PollInterval ? next : _options.PollInterval, stop);
}
