using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories;
using Gateway.EventsGateway.Routing;
using Gateway.Shared.Errors;

namespace Gateway.EventsGateway.Features.ProcessEvent;

/// <summary>
/// One attempt at a claimed event, and the outcomes that it can have. Its time is the store's time of the claim plus the time
/// that this process has measured since.
/// </summary>
internal sealed class Attempt(ClaimedEvent claimed, TimeProvider time)
{
    private readonly long _startedAt = time.GetTimestamp();

    public EventEntity Event => claimed.Event;

    public Guid Token => claimed.Token;

    /// <summary>From the claim to the outcome.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>The store's time.</summary>
    public DateTimeOffset Now => claimed.ClaimedAt + time.GetElapsedTime(_startedAt);

    /// <summary>Of this generation; zero before its first call that was not routed.</summary>
    public TimeSpan SinceFirstFailure => (Event.FirstFailedAt ?? Event.FirstAttemptAt) is { } first ? Now - first : TimeSpan.Zero;

    /// <summary>When the last call of this generation ended without a route; null where the history does not say.</summary>
    public DateTimeOffset? PreviousFailureAt
        => Event.Attempts.LastOrDefault(line => line.Generation == Event.Generation && line.FailedAt is not null)?.FailedAt;

    public AttemptOutcome Routed(RoutingResponse response)
        => End(AttemptOutcomeKind.Completed, response) with { RouteId = response.RouteId };

    public AttemptOutcome Late() => End(AttemptOutcomeKind.Completed, AttemptResult.Late);

    public AttemptOutcome Mapped(string text)
        => End(AttemptOutcomeKind.Completed, AttemptResult.Mapped, text) with { Error = null, IsMapped = true };

    public AttemptOutcome Unmapped(string error)
        => End(AttemptOutcomeKind.Failed, AttemptResult.Unmapped, error) with { Reason = FailureReason.Unmapped };

    public AttemptOutcome ShipmentEnded(string error)
        => End(AttemptOutcomeKind.Failed, AttemptResult.ShipmentEnded, error) with { Reason = FailureReason.ShipmentEnded };

    public AttemptOutcome Failed(FailureReason reason, RoutingResponse response, bool isCounted)
        => End(AttemptOutcomeKind.Failed, response) with { Reason = reason, IsCounted = isCounted };

    /// <summary>Calls that did not count and ended alike share a line of the history, from the second call on.</summary>
    public AttemptOutcome Retry(RoutingResponse response, TimeSpan wait, bool isCounted)
    {
        var outcome = End(AttemptOutcomeKind.RetryScheduled, response) with { Wait = wait, IsCounted = isCounted };
        if (isCounted || Event.Tries == 0) return outcome;
        var line = outcome.Record! with { Probes = 1 };
        var both = Event.Attempts is [.., var last] ? line.After(last) : null;
        return outcome with { Record = both ?? line, ReplacesLast = both is not null };
    }

    public AttemptOutcome Released(TimeSpan wait, string? reason)
        => new() { Key = Event.Key, Token = claimed.Token, Kind = AttemptOutcomeKind.Released, Wait = wait, Error = reason };

    public AttemptOutcome Abandoned(string reason, TimeSpan wait)
        => End(AttemptOutcomeKind.Abandoned, AttemptResult.Abandoned, reason) with { Wait = wait };

    private AttemptOutcome End(AttemptOutcomeKind kind, RoutingResponse response)
        => End(kind, response.Result!, response.Error, response) with { IsCall = true };

    private AttemptOutcome End(AttemptOutcomeKind kind, string result, string? error = null, RoutingResponse? response = null)
    {
        Duration = time.GetElapsedTime(_startedAt);
        // It may quote an id, or a value that could not be mapped.
        error = OutsideText.Clean(error);
        return new AttemptOutcome
        {
            Key = Event.Key,
            Token = claimed.Token,
            Kind = kind,
            Error = error,
            Body = Event.Source == CanonicalEvent.BuiltInSource ? Event.Body : default,
            Record = new AttemptRecord(
                Event.Generation, Event.Tries + 1, claimed.ClaimedAt, (long)Duration.TotalMilliseconds, result, error)
            {
                Answer = response?.Answer, Url = response?.Url,
            },
        };
    }
}
