using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// Claims events and begins an attempt for each that may be called. Those whose circuit is open or paused are released for the
/// rest of the break and a random time. Where they were most of a claim, the next claims leave their scopes out, so that they do
/// not keep others waiting.
/// </summary>
internal sealed class EventClaims(
    IEventRepository events, AttemptRunner attempts, RoutingCircuits circuits, RoutingPauses pauses, CallPace pace,
    ProcessEventTelemetry telemetry, DeadlinePolicy deadline, IOptions<ProcessingOptions> options,
    IOptions<RoutingOptions> routing, TimeProvider time)
{
    /// <summary>More scopes would make a claim slow: the events of more are postponed in the store.</summary>
    private const int MostExcluded = 50;

    private static readonly TimeSpan OverdueInterval = TimeSpan.FromSeconds(5);

    private readonly TimeSpan _lease = options.Value.Lease;
    private readonly TimeSpan _break = routing.Value.BreakerBreak;
    private readonly long _start = time.GetTimestamp();
    private IReadOnlyList<RoutingScope> _excluded = [];
    private TimeSpan _nextOverdue;
    private bool _leavesOutTroubled;

    /// <summary>The last attempt that a claim has begun.</summary>
    public Task LastBegun { get; private set; } = Task.CompletedTask;

    /// <summary>
    /// When the first excluded scope may be called. Null without one, also where a probe decides on it: its end wakes the
    /// dispatcher.
    /// </summary>
    public TimeSpan? NextUnblockedIn
        => _excluded.Select(scope => circuits.BlockedFor(scope, out _)).Where(rest => rest != TimeSpan.Zero)
            .Min(rest => (TimeSpan?)(rest ?? TimeSpan.Zero));

    public async Task<ClaimedBatch> ClaimAsync(int limit, ClaimOrder order, CancellationToken stop)
    {
        if (_excluded.Count > 0) _excluded = [.. _excluded.Where(scope => circuits.BlockedFor(scope, out _) is not null)];
        return await ClaimAsync(new ClaimRequest(limit, order, _lease) { Except = _excluded.Count > 0 ? _excluded : null }, stop);
    }

    /// <summary>
    /// Every second probe may be of any merchant. After an outage the large merchants are in trouble, and the events of small
    /// ones which fail for a reason of their own would be the only probes.
    /// </summary>
    public async Task<ClaimedBatch> ClaimProbeAsync(CancellationToken stop)
    {
        var inTrouble = circuits.TroubledScopes;
        _leavesOutTroubled = !_leavesOutTroubled;
        if (_leavesOutTroubled && inTrouble.Count is > 0 and <= MostExcluded)
        {
            var batch = await ClaimAsync(new ClaimRequest(1, ClaimOrder.Random, _lease) { Except = inTrouble }, stop);
            if (batch.Events.Count > 0) return batch;
        }

        return await ClaimAsync(1, ClaimOrder.Random, stop);
    }

    /// <summary>Fails the events that wait for a circuit which was probed without success for so long.</summary>
    public async Task FailOverdueAsync(CancellationToken stop)
    {
        var now = time.GetElapsedTime(_start);
        if (now < _nextOverdue) return;
        _nextOverdue = now + OverdueInterval;
        // Every pause is added, so an event that was not paused fails later than it might.
        var limit = deadline.GiveUpAfter + pauses.PausedEver(time.GetUtcNow());
        if (circuits.ProbedFor >= limit) await FailOverdueAsync(limit, null, stop);
        else if (circuits.ScopesProbedFor(limit) is { Count: > 0 } some) await FailOverdueAsync(limit, some, stop);
    }

    private async Task<ClaimedBatch> ClaimAsync(ClaimRequest request, CancellationToken stop)
    {
        if (pauses.Scopes is { Count: > 0 } paused)
            request = request with { Except = [.. paused.Union(request.Except ?? [])] };

        var batch = await events.ClaimDueAsync(request);
        foreach (var one in batch.Poisoned)
            telemetry.FailedWithoutAttempt(one, FailureReason.Poison, CrashLoopPolicy.PoisonError);
        if (stop.IsCancellationRequested)
        {
            // The runner may have ended: these events are released without an attempt.
            await ReleaseAsync(batch.Events.Select(one => (one, ReleasePolicy.Wait)), "the process stops");
            stop.ThrowIfCancellationRequested();
        }

        var blocked = Begin(batch.Events);
        if (blocked.Count > 0) await ReleaseAsync(blocked, "the circuit is open");
        if (2 * blocked.Count > batch.Events.Count) await ExcludeAsync();
        return batch;
    }

    /// <summary>Returns the events that may not be called now, and how long they wait.</summary>
    private List<(ClaimedEvent Event, TimeSpan Wait)> Begin(IReadOnlyList<ClaimedEvent> claimed)
    {
        var blocked = new List<(ClaimedEvent, TimeSpan)>();
        var probed = new HashSet<RoutingScope>();
        // In random order, because the first of a half-open circuit is its probe.
        foreach (var one in circuits.IsAnyTroubled ? Shuffled(claimed) : claimed)
        {
            var scope = RoutingScope.Of(one.Event);
            var rest = circuits.BlockedFor(scope, out var isHalfOpen);
            if (rest is not null || (isHalfOpen && !probed.Add(scope)))
                blocked.Add((one, ReleasePolicy.WaitForCircuit(rest ?? TimeSpan.Zero, _break)));
            else
                LastBegun = attempts.Begin(one);
        }

        pace.Begun(claimed.Count - blocked.Count);
        return blocked;
    }

    private async Task ExcludeAsync()
    {
        var blocked = circuits.BlockedScopes;
        _excluded = blocked.Count <= MostExcluded ? blocked : [];
        if (blocked.Count > MostExcluded)
            await events.PostponeAsync(blocked, _break, ReleasePolicy.SpreadOf(_break));
    }

    private async Task ReleaseAsync(IEnumerable<(ClaimedEvent Event, TimeSpan Wait)> claimed, string reason)
        => await events.SaveOutcomesAsync([.. claimed.Select(one => new Attempt(one.Event, time).Released(one.Wait, reason))]);

    private async Task FailOverdueAsync(TimeSpan olderThan, IReadOnlyList<RoutingScope>? scopes, CancellationToken stop)
    {
        IReadOnlyList<FailedEvent> failed;
        do
        {
            failed = await events.FailOverdueAsync(olderThan, deadline.UnreachableError, scopes);
            foreach (var one in failed)
                telemetry.FailedWithoutAttempt(one, FailureReason.DeadlineExceeded, deadline.UnreachableError);
        }
        while (failed.Count > 0 && !stop.IsCancellationRequested);
    }

    private static ClaimedEvent[] Shuffled(IReadOnlyList<ClaimedEvent> claimed)
    {
        ClaimedEvent[] all = [.. claimed];
        Random.Shared.Shuffle(all);
        return all;
    }
}
