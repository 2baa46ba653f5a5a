using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

/// <summary>
/// The work list. All times come from the store's clock, so callers pass durations, never times. An outage of the store is
/// thrown as a <see cref="Shared.Errors.BackendUnavailableException"/>.
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
    /// Expires claims whose lease has ended, by <see cref="CrashLoopPolicy"/>, and claims due events for one lease. While each
    /// call returns events, claims are expired, and what is due next is looked up, only every half second.
    /// </summary>
    Task<ClaimedBatch> ClaimDueAsync(ClaimRequest request);

    /// <summary>
    /// Writes the events of a container into its row, conditional on the token of its claim; false where the claim was lost.
    /// </summary>
    Task<bool> SaveMappedAsync(EventKey key, Guid token, byte[] mapped);

    /// <summary>
    /// Adds the events of a container. What exists stays as it is, failed or not, and what was erased stays away. False where the
    /// claim was lost: then none is added, because the container may have been erased.
    /// </summary>
    Task<bool> AddMappedAsync(EventKey container, Guid token, IReadOnlyList<AcceptedEvent> events);

    /// <summary>
    /// Saves each outcome in one write, conditional on the token of its claim; false where the claim was lost.
    /// </summary>
    Task<IReadOnlyList<bool>> SaveOutcomesAsync(IReadOnlyList<AttemptOutcome> outcomes);

    /// <summary>
    /// Fails up to 500 unclaimed pending events whose generation is older, with this error and <see cref="OverdueError"/>.
    /// </summary>
    /// <param name="olderThan">The age of the generation.</param>
    /// <param name="error">For operators.</param>
    /// <param name="of">Null: all events.</param>
    Task<IReadOnlyList<FailedEvent>> FailOverdueAsync(
        TimeSpan olderThan, string error, IReadOnlyList<RoutingScope>? of = null);

    /// <summary>
    /// Due events of these scopes, at most 5,000, are due again after the wait and a random part of the spread. Nothing is
    /// counted.
    /// </summary>
    Task PostponeAsync(IReadOnlyList<RoutingScope> scopes, TimeSpan wait, TimeSpan spread);

    /// <summary>
    /// Failed and late events become pending, as a new generation with the operator's name; those with a defect stay failed.
    /// </summary>
    Task<ReplayResult> RequeueAsync(IReadOnlyList<EventKey> keys, string by, ReplayRate? rate = null);

    /// <summary>
    /// The same for the oldest <paramref name="atMost"/> failed events, or late ones where the filter names them, that match
    /// and whose generation began before <paramref name="asOf"/>. Calls that repeat the <c>asOf</c> of the first one requeue
    /// each event once, even when it fails again between them.
    /// </summary>
    Task<ReplayResult> RequeueAsync(
        EventFilter filter, int atMost, string by, DateTimeOffset? asOf = null, ReplayRate? rate = null);

    /// <summary>
    /// Throws a <see cref="Shared.Errors.BackendUnavailableException"/> unless the store can add an event now.
    /// </summary>
    Task ProbeAsync();
}

internal static class OverdueError
{
    /// <summary>
    /// Between the error of an overdue event and the error of its last attempt, where it has one.
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
    /// <summary>By due time: an event that has just been attempted comes after all others.</summary>
    Oldest,

    /// <summary>From a random due time on, for a half-open probe.</summary>
    Random,

    /// <summary>Events with so many abandoned attempts that no other event may run at the same time.</summary>
    Isolated,
}

internal readonly record struct ClaimRequest(int Limit, ClaimOrder Order, TimeSpan Lease)
{
    /// <summary>Scopes whose events stay unclaimed; null: none.</summary>
    public IReadOnlyList<RoutingScope>? Except { get; init; }
}

/// <summary>An event that the store has failed, without an attempt.</summary>
internal readonly record struct FailedEvent(EventKey Key, string Source);

internal sealed record ClaimedEvent(EventEntity Event, Guid Token, DateTimeOffset ClaimedAt);

/// <param name="Events">The claimed events.</param>
/// <param name="NextDueIn">When the next event is due or the next claim expires; null where there is neither.</param>
/// <param name="IsolatedDue">An event is due that must be claimed in isolation, not of an excepted scope.</param>
/// <param name="Poisoned">Events that this call has failed as <see cref="FailureReason.Poison"/>.</param>
internal sealed record ClaimedBatch(
    IReadOnlyList<ClaimedEvent> Events, TimeSpan? NextDueIn, bool IsolatedDue, IReadOnlyList<FailedEvent> Poisoned);
