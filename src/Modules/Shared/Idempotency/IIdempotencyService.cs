namespace Gateway.Shared.Idempotency;

/// <summary>
/// The deduplication cache. It saves work and guarantees nothing: it may lose entries or be unavailable, and the store still
/// detects every duplicate. The caller chooses the keys.
/// </summary>
public interface IIdempotencyService
{
    /// <summary>
    /// The entry of each key, in order; null for an unknown key and for one that is marked failed. Never throws and never
    /// waits long: while the service is unavailable every key is unknown.
    /// </summary>
    Task<IReadOnlyList<CacheEntry?>> FindCachedAsync(IReadOnlyList<string> keys);

    /// <summary>Adds entries in the background; the first entry of a key stays.</summary>
    void AddToCache(IReadOnlyList<(string Key, CacheEntry Entry)> entries);

    /// <summary>Makes these keys unknown; else <see cref="Errors.BackendUnavailableException"/>.</summary>
    Task MarkFailedAsync(IReadOnlyList<string> keys);

    /// <summary>Removes every key and returns their number; else <see cref="Errors.BackendUnavailableException"/>.</summary>
    Task<long> ClearAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Returns when an entry can be written now, and look-ups are answered in time; else
    /// <see cref="Errors.BackendUnavailableException"/>.
    /// </summary>
    Task ProbeAsync();
}

/// <param name="AcceptId">The acceptance that was first.</param>
/// <param name="BodyHash">The <see cref="Json.JsonHash"/> of its body.</param>
public readonly record struct CacheEntry(Guid AcceptId, ulong BodyHash);
