using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// One attempt at a claimed event, and the outcomes that it can have. Its time is the store's time of the claim plus the time
/// that this process has measured since.
/// </summary>
internal sealed class Attempt(ClaimedEvent claimed, TimeProvider time)
{
    private readonly long _startedAt = time.GetTimestamp();

    public EventEntity Event => claimed.Event;

    /// <summary>From the claim to the outcome.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>The age of the first attempt of this generation, which may be this one.</summary>
    public TimeSpan SinceFirstAttempt
        => claimed.ClaimedAt + time.GetElapsedTime(_startedAt) - (Event.FirstAttemptAt ?? claimed.ClaimedAt);

    public AttemptOutcome Routed(RoutingResponse response)
        => End(AttemptOutcomeKind.Completed, response) with { RouteId = response.RouteId, IsCounted = true };

    public AttemptOutcome Late() => End(AttemptOutcomeKind.Completed, AttemptResult.Late);

    public AttemptOutcome ShipmentEnded(string error)
        => End(AttemptOutcomeKind.Failed, AttemptResult.ShipmentEnded, error) with { Reason = FailureReason.ShipmentEnded };

    public AttemptOutcome Failed(FailureReason reason, RoutingResponse response)
        => End(AttemptOutcomeKind.Failed, response) with { Reason = reason };

    public AttemptOutcome Retry(RoutingResponse response, TimeSpan wait)
        => End(AttemptOutcomeKind.RetryScheduled, response) with { Wait = wait, IsCounted = true };

    /// <summary>
    /// A failed half-open probe is not counted, so that an outage does not exhaust the retries of the events that probe.
    /// </summary>
    public AttemptOutcome FailedProbe(RoutingResponse response, TimeSpan wait)
    {
        var outcome = Retry(response, wait);
        var probe = outcome.Record! with { Probes = 1 };
        var both = Event.Attempts is [.., var last] ? probe.After(last) : null;
        return outcome with { IsCounted = false, Record = both ?? probe, ReplacesLast = both is not null };
    }

    public AttemptOutcome Released(TimeSpan wait, string? reason)
        => new() { Key = Event.Key, Token = claimed.Token, Kind = AttemptOutcomeKind.Released, Wait = wait, Error = reason };

    public AttemptOutcome Abandoned(string reason, TimeSpan wait)
        => End(AttemptOutcomeKind.Abandoned, AttemptResult.Abandoned, reason) with { Wait = wait };

    private AttemptOutcome End(AttemptOutcomeKind kind, RoutingResponse response)
        => End(kind, response.Result!, response.Error, response.Answer);

    private AttemptOutcome End(AttemptOutcomeKind kind, string result, string? error = null, AttemptAnswer? answer = null)
    {
        Duration = time.GetElapsedTime(_startedAt);
        return new AttemptOutcome
        {
            Key = Event.Key,
            Token = claimed.Token,
            Kind = kind,
            Error = error,
            Body = Event.Body,
            Record = new AttemptRecord(
                Event.Generation, Event.AttemptsSpent + 1, claimed.ClaimedAt, (long)Duration.TotalMilliseconds, result, error)
            {
                Answer = answer,
            },
        };
    }
}
