using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Repositories;

/// <summary>
/// Failed events whose dead letter is not published yet. The write that fails an event also adds it to the outbox, so a crash
/// loses no dead letter; each is published at least once.
/// </summary>
internal interface IDeadLetterOutbox
{
    /// <summary>Claims the dead letters that are due, for one lease, oldest first.</summary>
    Task<IReadOnlyList<DeadLetter>> ClaimAsync(int limit, TimeSpan lease);

    /// <summary>Records that the copies for the NestJS workers are published; the lease goes on.</summary>
    Task MarkCopiedAsync(IReadOnlyList<DeadLetter> letters);

    /// <summary>Removes published dead letters, unless a later generation of the event has failed meanwhile.</summary>
    Task ClearAsync(IReadOnlyList<DeadLetter> letters);
}

/// <param name="Event">The event as it is now, with its history.</param>
/// <param name="Generation">The generation that failed.</param>
/// <param name="IsCopied">The copy for the NestJS workers is published.</param>
internal sealed record DeadLetter(EventEntity Event, int Generation, bool IsCopied);
