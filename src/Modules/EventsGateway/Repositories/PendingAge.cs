namespace Gateway.EventsGateway.Repositories;

/// <summary>The age of a pending event: since it was received, of a replayed one since its replay.</summary>
internal readonly record struct PendingAge(int Generation, DateTimeOffset ReceivedAt, DateTimeOffset RequeuedAt)
{
    /// <summary>
    /// So many of the events that were received first are read. No index orders by age, because each insert would pay for it.
    /// Behind more replayed events than these an older event shows late.
    /// </summary>
    public const int Looked = 1000;

    private DateTimeOffset Since => Generation > 1 ? RequeuedAt : ReceivedAt;

    public static TimeSpan? Longest(IReadOnlyCollection<PendingAge> waits, DateTimeOffset now)
        => waits.Count == 0 ? null : now - waits.Min(wait => wait.Since);
}
