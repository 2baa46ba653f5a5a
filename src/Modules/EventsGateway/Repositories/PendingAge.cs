namespace Gateway.EventsGateway.Repositories;

/// <summary>How long a pending event waits: since it was received, a replayed one since its replay.</summary>
internal readonly record struct PendingAge(int Generation, DateTimeOffset ReceivedAt, DateTimeOffset RequeuedAt)
{
    /// <summary>
    /// Of what was received first so many are looked at. No index orders by when a wait began, for every insert would pay for it;
    /// behind more replayed events than these an older one shows late, and the replayed ones grow old themselves.
    /// </summary>
    public const int Looked = 1000;

    private DateTimeOffset Since => Generation > 1 ? RequeuedAt : ReceivedAt;

    public static TimeSpan? Longest(IReadOnlyCollection<PendingAge> waits, DateTimeOffset now) => waits.Count == 0 ? null : now - waits.Min(wait => wait.Since);
}
