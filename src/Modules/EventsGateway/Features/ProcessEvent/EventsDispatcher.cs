using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// Claims what is due, as many events as there are free slots, and starts an attempt for each. Woken by new work, by
/// free slots and by due times; asleep otherwise.
/// </summary>
internal sealed class EventsDispatcher(
    IEventRepository events, AttemptRunner attempts, RoutingCircuitBreaker breaker, WorkSignal work, ProcessEventTelemetry telemetry,
    IOptions<ProcessingOptions> options, TimeProvider time, ILogger<EventsDispatcher> log)
    : PollingService(ProcessingOptions.FaultWait, ClaimGrace, time)
{
    private static readonly TimeSpan ClaimGrace = TimeSpan.FromSeconds(3);

    /// <summary>A break is rested in slices, because a dispatcher that does not come round is reported.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    private readonly ProcessingOptions _options = options.Value;
    private readonly TimeProvider _time = time;

    private bool _isNewestsTurn;

    /// <summary>False when it has ended, or has not come round for three of its longest rests and an attempt.</summary>
    public bool IsAlive => !HasEnded && SinceLastRun < (3 * LongestRest) + _options.AttemptTimeout;

    public override Task StartedAsync(CancellationToken cancellationToken)
    {
        attempts.Start();
        return base.StartedAsync(cancellationToken);
    }

    /// <summary>
    /// Before anything stops: the server may take long to let its last clients go, and events in work should not meet
    /// a stub that is closing. The door answers 503 meanwhile.
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
    /// Rests for the break, then asks the service with one event: in turn the one that is due for longest, which is the last in
    /// the row when it asked in vain, and the one that came last. So events that make the service ill keep the breaker open
    /// neither for ever nor for those that come after them, however many they are.
    /// </summary>
    private async Task ProbeAsync(CancellationToken stop)
    {
        if (breaker.NotClosedFor >= _options.GiveUpAfter) await FailOverdueAsync(stop);
        if (breaker.Rest is var rest && rest > TimeSpan.Zero)
        {
            await Task.Delay(rest < LongestRest ? rest : LongestRest, _time, stop);
            return;
        }

        await attempts.IdleAsync(stop);
        var batch = await ClaimAsync(1, _isNewestsTurn ? ClaimOrder.Newest : ClaimOrder.Oldest, stop);
        _isNewestsTurn = !_isNewestsTurn;
        await attempts.IdleAsync(stop);
        if (batch.Events.Count > 0) return;

        // When only those are left, one of them has to be the probe: without any the breaker would never close.
        if (batch.IsolatedDue) await RunIsolatedAsync(stop);
        else await SleepAsync(batch, stop);
    }

    /// <summary>An event that may be killing its worker takes only itself along.</summary>
    private async Task RunIsolatedAsync(CancellationToken stop)
    {
        await attempts.IdleAsync(stop);
        await ClaimAsync(1, ClaimOrder.Isolated, stop);
        await attempts.IdleAsync(stop);
    }

    private async Task<ClaimedBatch> ClaimAsync(int limit, ClaimOrder order, CancellationToken stop)
    {
        var batch = await events.ClaimDueAsync(new ClaimRequest(limit, order, _options.Lease));
        foreach (var key in batch.Poisoned) telemetry.FailedWithoutAttempt(key, EventOutcome.Poison, EventOutcome.PoisonReason);
        if (stop.IsCancellationRequested)
        {
            // The runner may have ended already: what came too late is handed back, untouched.
            await events.SaveOutcomesAsync(
                [.. batch.Events.Select(claimed => new Attempt(claimed, _time).Released(ProcessingOptions.FaultWait, "the process stops"))]);
            stop.ThrowIfCancellationRequested();
        }

        foreach (var claimed in batch.Events) attempts.Begin(claimed);
        return batch;
    }

    private async Task FailOverdueAsync(CancellationToken stop)
    {
        var reason = $"gave up: the routing service was not reachable for {_options.GiveUpAfter}";
        IReadOnlyList<EventKey> ended;
        do
        {
            ended = await events.FailOverdueAsync(_options.GiveUpAfter, reason);
            foreach (var key in ended) telemetry.FailedWithoutAttempt(key, EventOutcome.DeadlineExceeded, reason);
        }
        while (ended.Count > 0 && !stop.IsCancellationRequested);
    }

    private Task SleepAsync(ClaimedBatch batch, CancellationToken stop)
        => work.WaitAsync(batch.NextDueIn is { } next && next < _options.PollInterval ? next : _options.PollInterval, stop);
}
