using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

internal enum AttemptOutcomeKind
{
    /// <summary>The event is processed: routed, or late and therefore not routed.</summary>
    Completed,

    /// <summary>The event is due again after the wait.</summary>
    RetryScheduled,

    /// <summary>The event failed, for the reason of the outcome.</summary>
    Failed,

    /// <summary>The routing service was not called. The event is due again after the wait, and nothing is counted.</summary>
    Released,

    /// <summary>
    /// This process cut the attempt off. Like <see cref="Released"/>, with a line in the history: the call may have succeeded.
    /// </summary>
    Abandoned,
}

/// <summary>The result of one attempt, with everything that its single write needs.</summary>
internal sealed record AttemptOutcome
{
    public required EventKey Key { get; init; }

    public required Guid Token { get; init; }

    public required AttemptOutcomeKind Kind { get; init; }

    /// <summary>Set when the event failed.</summary>
    public FailureReason? Reason { get; init; }

    public string? RouteId { get; init; }

    public string? Error { get; init; }

    public TimeSpan Wait { get; init; }

    /// <summary>The routing service answered, or did not answer in time.</summary>
    public bool IsCall { get; init; }

    /// <summary>The call counts against the event.</summary>
    public bool IsCounted { get; init; }

    /// <summary>The line for the history; null where the routing service was not called.</summary>
    public AttemptRecord? Record { get; init; }

    /// <summary>The record replaces the last line of the history, which does not change while the claim is held.</summary>
    public bool ReplacesLast { get; init; }

    /// <summary>
    /// The signed bytes, for stores that also keep the payload as fields; empty where the store must not, or where the body has
    /// another format than the original's.
    /// </summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    public EventStatus Status => Kind switch
    {
        AttemptOutcomeKind.Completed => EventStatus.Processed,
        AttemptOutcomeKind.Failed => EventStatus.Failed,
        _ => EventStatus.Pending,
    };

    /// <summary>One of <see cref="EventOutcome"/>; null while the event is pending.</summary>
    public string? Outcome => Kind == AttemptOutcomeKind.Completed
        ? RouteId is null ? EventOutcome.Late : EventOutcome.Routed
        : Reason?.Text();

    /// <summary>A call that was not routed.</summary>
    public bool IsFailedCall => IsCall && Kind != AttemptOutcomeKind.Completed;

    /// <summary>The event keeps its last error and its abandoned attempts.</summary>
    public bool LeavesEventAsItWas => Kind is AttemptOutcomeKind.Released or AttemptOutcomeKind.Abandoned;
}
