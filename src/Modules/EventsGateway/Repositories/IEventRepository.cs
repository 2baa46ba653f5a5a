using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

/// <summary>
/// The work list. Every <c>now</c> is the store's clock, so callers pass waits, never times. A fault of the store is a
/// <see cref="Shared.Errors.BackendUnavailableException"/>.
/// </summary>
internal interface IEventRepository
{
    /// <summary>
    /// Adds events as pending and due now, in order. An event that exists keeps its first body; a failed one becomes pending
    /// again, unless this acceptance is known already (a redelivery). One with a <see cref="Defect"/> is added as failed and
    /// never becomes pending.
    /// </summary>
    Task<IReadOnlyList<AddedEvent>> AddAsync(IReadOnlyList<AcceptedEvent> events);

    /// <summary>
    /// Expires claims whose lease has ended, as <see cref="CrashLoopPolicy"/> says, and claims due events for one lease. Where it
    /// returns as many events as requested, it expires claims only every half second.
    /// </summary>
    Task<ClaimedBatch> ClaimDueAsync(ClaimRequest request);

    /// <summary>
    /// Each in one write, conditional on its claim's token; false where the claim is lost and nothing was written.
    /// </summary>
    Task<IReadOnlyList<bool>> SaveOutcomesAsync(IReadOnlyList<AttemptOutcome> outcomes);

    /// <summary>
    /// Fails up to 500 unclaimed pending events that were requeued before, with this error and <see cref="OverdueError"/>;
    /// returns
    /// their keys.
    /// </summary>
    Task<IReadOnlyList<EventKey>> FailOverdueAsync(TimeSpan olderThan, string error);

    /// <summary>
    /// Failed events become pending, as a new generation that has the operator's name; those with a defect stay failed.
    /// </summary>
    Task<ReplayResult> RequeueAsync(IReadOnlyList<EventKey> keys, string by);

    /// <summary>
    /// The same for the oldest <paramref name="atMost"/> that match and were requeued before <paramref name="asOf"/>. Several
    /// calls with the <c>asOf</c> that the first one returned take each event once, however fast it fails again.
    /// </summary>
    Task<ReplayResult> RequeueAsync(EventFilter filter, int atMost, string by, DateTimeOffset? asOf = null);

    /// <summary>
    /// Returns where the store can take an event now; else <see cref="Shared.Errors.BackendUnavailableException"/>.
    /// </summary>
    Task ProbeAsync();
}

internal static class OverdueError
{
    /// <summary>
    /// Follows the error of an overdue event where an attempt has failed; the last error of the event follows it.
    /// </summary>
    public const string LastError = "; last error: ";
}

internal enum AddResult
{
    Added,
    Requeued,
    Duplicate,
}

internal readonly record struct AddedEvent(AddResult Result, bool BodyDiffers)
{
    public bool IsNew => Result != AddResult.Duplicate;
}

internal enum ClaimOrder
{
    /// <summary>Those that are due for longest; one that has just been tried comes after all others.</summary>
    Oldest,

    /// <summary>Those that were received last, for a half-open probe.</summary>
    Newest,

    /// <summary>Those with so many abandoned attempts that nothing may run beside them.</summary>
    Isolated,
}

internal readonly record struct ClaimRequest(int Limit, ClaimOrder Order, TimeSpan Lease);

internal sealed record ClaimedEvent(EventEntity Event, Guid Token, DateTimeOffset ClaimedAt);

/// <param name="Events">What was claimed.</param>
/// <param name="NextDueIn">When the next event is due or the next claim expires; null where there is neither.</param>
/// <param name="IsolatedDue">An event is due that must be claimed in isolation.</param>
/// <param name="Poisoned">Failed with this call as <see cref="FailureReason.Poison"/>.</param>
internal sealed record ClaimedBatch(
    IReadOnlyList<ClaimedEvent> Events, TimeSpan? NextDueIn, bool IsolatedDue, IReadOnlyList<EventKey> Poisoned);

/// <param name="Replayed">Pending again.</param>
/// <param name="Remaining">Left for the next call.</param>
/// <param name="AsOf">The store's time of the first call; null where events were named.</param>
internal readonly record struct ReplayResult(int Replayed, int Remaining, DateTimeOffset? AsOf = null);
