namespace Gateway.EventsGateway.Repositories;

/// <summary>Removes old data. Pending and failed events are never removed.</summary>
internal interface IEventRetention
{
    /// <summary>
    /// One step: at most 500 items of each kind. Of several processes on one store one purges at a time; several at once would
    /// do no harm. Without ages it only completes erasures.
    /// </summary>
    Task<PurgeResult> PurgeOnceAsync(RetentionAges? ages);
}

/// <param name="ProcessedAfter">Since the outcome: a processed event becomes a tombstone, an ended shipment is trimmed.</param>
/// <param name="DedupHorizon">Since the purge: a tombstone expires.</param>
/// <param name="Audit">Since the action: its record expires.</param>
internal sealed record RetentionAges(TimeSpan ProcessedAfter, TimeSpan DedupHorizon, TimeSpan Audit);

/// <param name="Purged">Processed events that became tombstones.</param>
/// <param name="Trimmed">Ended shipments of which only the end is left.</param>
/// <param name="Expired">Tombstones and audit records that were removed; none where the store expires them by itself.</param>
/// <param name="HasMore">There may be more to remove now.</param>
internal readonly record struct PurgeResult(int Purged, int Trimmed, int Expired, bool HasMore);
