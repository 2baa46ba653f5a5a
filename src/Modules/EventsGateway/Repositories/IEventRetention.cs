namespace Gateway.EventsGateway.Repositories;

/// <summary>Removes what has become old. Pending and failed events never do.</summary>
internal interface IEventRetention
{
    /// <summary>
    /// One step, of each kind 500 at most. Where several processes share a store only one of them sweeps at a time; several
    /// at once would do no harm. Without ages nothing is old: it only finishes what an erasure has left to do.
    /// </summary>
    Task<PurgeResult> PurgeOnceAsync(RetentionAges? ages);
}

/// <param name="ProcessedAfter">Since its outcome: then a processed event becomes a tombstone, and a finished shipment is cut.</param>
/// <param name="DedupHorizon">Since its burial: then a tombstone goes.</param>
/// <param name="Audit">Since the deed: then its record goes.</param>
internal sealed record RetentionAges(TimeSpan ProcessedAfter, TimeSpan DedupHorizon, TimeSpan Audit);

/// <param name="Purged">Processed events that became tombstones.</param>
/// <param name="Cut">Finished shipments of which only the end is left.</param>
/// <param name="Forgotten">Tombstones and audit records that went; where the store expires them by itself, none.</param>
/// <param name="HasMore">A kind was full: there may be more of it now.</param>
internal readonly record struct PurgeResult(int Purged, int Cut, int Forgotten, bool HasMore);
