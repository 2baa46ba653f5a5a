using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

/// <summary>
/// What the world outside the store has still to be told of failed events. It is written with the failure itself, so no
/// crash comes between; it is served at least once.
/// </summary>
internal interface IDeadLetterOutbox
{
    /// <summary>Takes what is due, oldest first, and holds it for the lease.</summary>
    Task<IReadOnlyList<DeadLetter>> ClaimAsync(int limit, TimeSpan lease);

    /// <summary>Their copies are out; what else has to be told is still due when the lease ends.</summary>
    Task MarkCopiedAsync(IReadOnlyList<DeadLetter> letters);

    /// <summary>Nothing more to tell of this life; a later one that has failed meanwhile stays due.</summary>
    Task ClearAsync(IReadOnlyList<DeadLetter> letters);
}

/// <param name="Event">As it is now, with its history.</param>
/// <param name="Generation">The life that failed.</param>
/// <param name="IsCopied">Its copy is out already.</param>
internal sealed record DeadLetter(EventEntity Event, int Generation, bool IsCopied);
