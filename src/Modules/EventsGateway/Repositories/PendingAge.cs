namespace Gateway.EventsGateway.Repositories;

/// <summary>The age of a pending event: since it was received, of a replayed one since its replay.</summary>
internal readonly record struct PendingAge(int Generation, DateTimeOffset ReceivedAt, DateTimeOffset RequeuedAt)
{
    /// <summary>
    /// The number of events that are read, in the order of receivedAt. An index by age would slow down each insert. If so many
    /// events that were received first have all been replayed, the age of the oldest pending event is reported too low.
    /// </summary>
    public const int Looked = 1000;

    private DateTimeOffset Since => Generation > 1 ? RequeuedAt : ReceivedAt;

    public static TimeSpan? Longest(IReadOnlyCollection<PendingAge> waits, DateTimeOffset now)
        => waits.Count == 0 ? null : now - waits.Min(wait => wait.Since);
}
