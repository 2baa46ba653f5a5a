using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

/// <summary>
/// The work list and the only truth about an event. Every `now` in here is the store's clock, so callers speak of
/// waits, never of moments. A fault of the store is an <see cref="Shared.Errors.BackendUnavailableException"/>.
/// </summary>
internal interface IEventRepository
{
    /// <summary>
    /// Adds events as pending and due now, in order. Of an event that exists the first body stays; a failed one is
    /// revived, unless this very acceptance is known already (a redelivery). One with a <see cref="Defect"/> is added as
    /// failed and never revived.
    /// </summary>
    Task<IReadOnlyList<AddedEvent>> AddAsync(IReadOnlyList<AcceptedEvent> events);

    /// <summary>
    /// Voids claims that ran out and claims what is due for one lease. Where it gives all that was asked for it may have looked
    /// for nothing else, but does so every half second.
    /// </summary>
    Task<ClaimedBatch> ClaimDueAsync(ClaimRequest request);

    /// <summary>Each in one write on its claim's token; false where the claim is lost and nothing was written.</summary>
    Task<IReadOnlyList<bool>> SaveOutcomesAsync(IReadOnlyList<AttemptOutcome> outcomes);

    /// <summary>Ends up to 500 unclaimed pending events whose life is older than this; returns their keys.</summary>
    Task<IReadOnlyList<EventKey>> FailOverdueAsync(TimeSpan olderThan, string error);

    /// <summary>Failed events back to pending, as a new life that tells by whom it was begun; those with a defect stay.</summary>
    Task<ReplayResult> RequeueAsync(IReadOnlyList<EventKey> keys, string by);

    /// <summary>
    /// The same for the oldest <paramref name="atMost"/> that match and whose life began before <paramref name="asOf"/>: with
    /// what the first of several calls answered, all of them together take each event once, however fast it fails again.
    /// </summary>
    Task<ReplayResult> RequeueAsync(EventFilter filter, int atMost, string by, DateTimeOffset? asOf = null);

    /// <summary>Returns when the store could take an event now; else <see cref="Shared.Errors.BackendUnavailableException"/>.</summary>
    Task ProbeAsync();
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
    /// <summary>Those that are due for longest; who has just been tried comes after all others.</summary>
    Oldest,

    /// <summary>Those that were received last, for a probe.</summary>
    Newest,

    /// <summary>Those that were interrupted so often that nothing may run beside them.</summary>
    Isolated,
}

internal readonly record struct ClaimRequest(int Limit, ClaimOrder Order, TimeSpan Lease);

internal sealed record ClaimedEvent(EventEntity Event, Guid Token, DateTimeOffset ClaimedAt);

/// <param name="Events">What was claimed.</param>
/// <param name="NextDueIn">When the next waiting event is due or a claim runs out; null when there is neither.</param>
/// <param name="IsolatedDue">An event is due that must be claimed alone.</param>
/// <param name="Poisoned">Given up just now: interrupted too often even with nothing beside them.</param>
internal sealed record ClaimedBatch(
    IReadOnlyList<ClaimedEvent> Events, TimeSpan? NextDueIn, bool IsolatedDue, IReadOnlyList<EventKey> Poisoned);

/// <param name="Replayed">Pending again.</param>
/// <param name="Remaining">Left for the next call.</param>
/// <param name="AsOf">The store's time of the first call; none where events were named.</param>
internal readonly record struct ReplayResult(int Replayed, int Remaining, DateTimeOffset? AsOf = null);
