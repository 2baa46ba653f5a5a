using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

/// <summary>
/// Failed events whose dead letter is not published yet. An event enters with the write that fails it, so that a crash loses
/// none; each is published at least once.
/// </summary>
internal interface IDeadLetterOutbox
{
    /// <summary>Claims what is due for one lease, oldest first.</summary>
    Task<IReadOnlyList<DeadLetter>> ClaimAsync(int limit, TimeSpan lease);

    /// <summary>Their copies are published; the rest of the work is due again when the lease ends.</summary>
    Task MarkCopiedAsync(IReadOnlyList<DeadLetter> letters);

    /// <summary>Done for this generation; a later generation that has failed meanwhile stays due.</summary>
    Task ClearAsync(IReadOnlyList<DeadLetter> letters);
}

/// <param name="Event">Its present state, with its history.</param>
/// <param name="Generation">The generation that failed.</param>
/// <param name="IsCopied">Its copy is published.</param>
internal sealed record DeadLetter(EventEntity Event, int Generation, bool IsCopied);
