namespace Gateway.Shared.Idempotency;

/// <summary>
/// A filter that saves work, never a guarantee: it may forget, it may be away, and nothing that is promised depends on
/// it. Keys are texts of the caller's.
/// </summary>
public interface IIdempotencyService
{
    /// <summary>
    /// The mark of each key, in order; null for one that is not known, or known as failed. Never throws and never waits
    /// long: while the service is away nothing is known.
    /// </summary>
    Task<IReadOnlyList<CacheEntry?>> FindCachedAsync(IReadOnlyList<string> keys);

    /// <summary>Remembers keys from their first mark on; nobody waits for it.</summary>
    void AddToCache(IReadOnlyList<(string Key, CacheEntry Mark)> marks);

    /// <summary>From now on these keys count as unseen; else <see cref="Errors.BackendUnavailableException"/>.</summary>
    Task MarkFailedAsync(IReadOnlyList<string> keys);

    /// <summary>Forgets every key; how many. Else <see cref="Errors.BackendUnavailableException"/>.</summary>
    Task<long> ClearAsync(CancellationToken cancellationToken);

    /// <summary>Returns when it could remember a key now; else <see cref="Errors.BackendUnavailableException"/>.</summary>
    Task ProbeAsync();
}

/// <param name="AcceptId">The acceptance that was first.</param>
/// <param name="BodyHash">The first 8 bytes of its body's SHA-256.</param>
public readonly record struct CacheEntry(Guid AcceptId, ulong BodyHash);
