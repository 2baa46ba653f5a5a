using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>One claimed event in work, and the outcomes it can come to. Its clock is the store's, carried on by our own.</summary>
internal sealed class Attempt(ClaimedEvent claimed, TimeProvider time)
{
    private readonly long _begun = time.GetTimestamp();

    public EventEntity Event => claimed.Event;

    /// <summary>Until it came to an outcome.</summary>
    public TimeSpan Took { get; private set; }

    /// <summary>The age of the life's first attempt, which may be this one.</summary>
    public TimeSpan SinceFirstAttempt
        => claimed.ClaimedAt + time.GetElapsedTime(_begun) - (Event.FirstAttemptAt ?? claimed.ClaimedAt);

    public AttemptOutcome Processed(string outcome, string? routeId = null, bool spent = false)
        => End(AttemptOutcomeKind.Processed, outcome) with { Outcome = outcome, RouteId = routeId, Spent = spent };

    public AttemptOutcome Failed(string outcome, string result, string? error, bool spent = false)
        => End(AttemptOutcomeKind.Failed, result, error) with { Outcome = outcome, Spent = spent };

    public AttemptOutcome Retry(string result, string? error, TimeSpan wait)
        => End(AttemptOutcomeKind.Retry, result, error) with { Wait = wait, Spent = true };

    /// <summary>It asked for all others too, in vain: not counted, or an outage would use up the attempts of a few.</summary>
    public AttemptOutcome Probed(string result, string? error, TimeSpan wait)
    {
        var outcome = Retry(result, error, wait);
        var probe = outcome.Record! with { Probes = 1 };
        var both = Event.Attempts is [.., var last] ? probe.After(last) : null;
        return outcome with { Spent = false, Record = both ?? probe, ReplacesLast = both is not null };
    }

    /// <summary>Handed back without a trace: nobody was asked.</summary>
    public AttemptOutcome Released(TimeSpan wait, string? reason)
        => new() { Key = Event.Key, Token = claimed.Token, End = AttemptOutcomeKind.Released, Wait = wait, Error = reason };

    /// <summary>Handed back with a trace: the service may have done its part.</summary>
    public AttemptOutcome Abandoned(string reason, TimeSpan wait)
        => End(AttemptOutcomeKind.Released, AttemptResult.Abandoned, reason) with { Wait = wait };

    private AttemptOutcome End(AttemptOutcomeKind end, string result, string? error = null)
    {
        Took = time.GetElapsedTime(_begun);
        return new AttemptOutcome
        {
            Key = Event.Key,
            Token = claimed.Token,
            End = end,
            Error = error,
            Body = Event.Body,
            Record = new AttemptRecord(
                Event.Generation, Event.AttemptsSpent + 1, claimed.ClaimedAt, (long)Took.TotalMilliseconds, result, error),
        };
    }
}
