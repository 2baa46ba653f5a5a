namespace Gateway.EventsGateway.Repositories;

/// <summary>Removes old data. Pending and failed events are never removed.</summary>
internal interface IEventRetention
{
    /// <summary>
    /// Removes at most 500 items of each kind. Of several processes with one store, one at a time purges; concurrent purges are
    /// safe too. Without ages it only completes erasures.
    /// </summary>
    Task<PurgeResult> PurgeOnceAsync(RetentionAges? ages);
}

/// <param name="ProcessedAfter">The age at which a processed event becomes a tombstone and an ended shipment is trimmed.</param>
/// <param name="DedupHorizon">The age of a tombstone at which it expires.</param>
/// <param name="Audit">The age of an audit record at which it expires.</param>
internal sealed record RetentionAges(TimeSpan ProcessedAfter, TimeSpan DedupHorizon, TimeSpan Audit);

/// <param name="Purged">Processed events that became tombstones.</param>
/// <param name="Trimmed">Ended shipments of which only the end is left.</param>
/// <param name="Expired">Tombstones and audit records that were removed; 0 where the store itself expires them.</param>
/// <param name="HasMore">There may be more to remove now.</param>
internal readonly record struct PurgeResult(int Purged, int Trimmed, int Expired, bool HasMore);
