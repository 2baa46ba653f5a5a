using Gateway.EventsGateway.Events;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.Shared;
using Gateway.Shared.Errors;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// Claims what is due, as many events as there are free slots, and starts an attempt for each. Woken by new work, by
/// free slots and by due times; asleep otherwise.
/// </summary>
internal sealed class EventsDispatcher(
    IEventRepository events, AttemptRunner attempts, RoutingBreaker breaker, WorkSignal work,
    IOptions<ProcessingOptions> options, TimeProvider time, ILogger<EventsDispatcher> log) : IHostedLifecycleService, IDisposable
{
    /// <summary>Claims of attempts that hang are looked for at least this often.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan ClaimGrace = TimeSpan.FromSeconds(3);

    private readonly ProcessingOptions _options = options.Value;
    private readonly CancellationTokenSource _stopClaiming = new();
    private Task _claiming = Task.CompletedTask;
    private long _lastTurn = time.GetTimestamp();

    /// <summary>False when it has ended, or has not come round for three of its longest sleeps and an attempt.</summary>
    public bool IsTurning => !_claiming.IsCompleted && time.GetElapsedTime(Volatile.Read(ref _lastTurn)) < (3 * LongestSleep) + _options.AttemptTimeout;

    /// <summary>Not before everything has started: the stub that it calls is served by this process.</summary>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        attempts.Start();
        _claiming = Task.Run(ClaimUntilStoppedAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>
    /// Before anything stops: the server may take long to let its last clients go, and events in work should not meet
    /// a stub that is closing. The door answers 503 meanwhile.
    /// </summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await _stopClaiming.CancelAsync();
        // Only a store that hangs keeps the last claim from ending; it must not keep the process from ending.
        await _claiming.WaitAsync(ClaimGrace, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await attempts.StopAsync();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopClaiming.Dispose();

    private async Task ClaimUntilStoppedAsync()
    {
        var stop = _stopClaiming.Token;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Volatile.Write(ref _lastTurn, time.GetTimestamp());
                await TurnAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                if (fault is EngineFaultException) EventsGatewayLog.StoreFault(log, fault.Message, ProcessingOptions.FaultWait);
                else EventsGatewayLog.DispatcherBroke(log, ProcessingOptions.FaultWait, fault);
                // By time alone: a signal must not shorten it. A stop does, and the loop sees it.
                await Task.Delay(ProcessingOptions.FaultWait, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task TurnAsync(CancellationToken stop)
    {
        if (!breaker.IsClosed)
        {
            await ProbeAsync(stop);
            return;
        }

        var free = attempts.FreeSlots;
        if (free <= 0)
        {
            await work.WaitAsync(LongestSleep, stop);
            return;
        }

        var batch = await ClaimAsync(free, ClaimOrder.Oldest);
        if (batch.AloneDue) await AloneAsync(stop);
        else if (batch.Events.Count < free) await SleepAsync(batch, stop);
    }

    /// <summary>Rests for the break, then asks the service with one event: the one with the fewest attempts.</summary>
    private async Task ProbeAsync(CancellationToken stop)
    {
        if (breaker.NotClosedFor >= _options.GiveUpAfter) await GiveUpAsync(stop);
        if (breaker.Rest is var rest && rest > TimeSpan.Zero)
        {
            // In slices, because a dispatcher that does not come round is reported.
            await Task.Delay(rest < LongestSleep ? rest : LongestSleep, time, stop);
            return;
        }

        await attempts.IdleAsync(stop);
        var batch = await ClaimAsync(1, ClaimOrder.FewestAttempts);
        await attempts.IdleAsync(stop);
        if (batch.Events.Count > 0) return;

        // When only those are left, one of them has to be the probe: without any the breaker would never close.
        if (batch.AloneDue) await AloneAsync(stop);
        else await SleepAsync(batch, stop);
    }

    /// <summary>An event that may be killing its worker takes only itself along.</summary>
    private async Task AloneAsync(CancellationToken stop)
    {
        await attempts.IdleAsync(stop);
        await ClaimAsync(1, ClaimOrder.Alone);
        await attempts.IdleAsync(stop);
    }

    private async Task<ClaimedBatch> ClaimAsync(int limit, ClaimOrder order)
    {
        var batch = await events.ClaimDueAsync(new ClaimRequest(limit, order, _options.Lease));
        foreach (var claimed in batch.Events) attempts.Begin(claimed);
        foreach (var key in batch.Poisoned) EventsGatewayLog.GivenUp(log, key, EventOutcome.Poison, EventOutcome.PoisonReason);
        return batch;
    }

    private async Task GiveUpAsync(CancellationToken stop)
    {
        var reason = $"gave up: the routing service was not reachable for {_options.GiveUpAfter}";
        IReadOnlyList<EventKey> ended;
        do
        {
            ended = await events.GiveUpAsync(_options.GiveUpAfter, reason);
            foreach (var key in ended) EventsGatewayLog.GivenUp(log, key, EventOutcome.GaveUp, reason);
        }
        while (ended.Count > 0 && !stop.IsCancellationRequested);
    }

    private Task SleepAsync(ClaimedBatch batch, CancellationToken stop)
        => work.WaitAsync(batch.NextDueIn is { } next && next < LongestSleep ? next : LongestSleep, stop);
}
