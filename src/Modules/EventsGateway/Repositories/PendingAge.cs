namespace Gateway.EventsGateway.Repositories;

/// <summary>
/// The age of a pending event: since it was received, of a replayed one since its replay, or since it became due where the replay
/// has a rate.
/// </summary>
internal readonly record struct PendingAge(
    int Generation, DateTimeOffset ReceivedAt, DateTimeOffset RequeuedAt, int Tries, DateTimeOffset? DueAt)
{
    /// <summary>
    /// The number of events that are read, in the order of receivedAt. An index by age would slow down each insert. If so many
    /// events that were received first have all been replayed, the age of the oldest pending event is reported too low.
    /// </summary>
    public const int Looked = 1000;

    // An open circuit moves the due time of an event too. Before the first call of a replayed one the two look alike.
    // Where receivedAt lies in the future, a first generation began when the clock was right again.
    private DateTimeOffset Since => Generation == 1 ? ReceivedAt < RequeuedAt ? ReceivedAt : RequeuedAt
        : Tries == 0 && DueAt > RequeuedAt ? DueAt.Value
        : RequeuedAt;

    public static TimeSpan? Longest(IReadOnlyCollection<PendingAge> waits, DateTimeOffset now)
        => waits.Count == 0 ? null
            : waits.Min(wait => wait.Since) is var since && since < now ? now - since
            : TimeSpan.Zero;
}
