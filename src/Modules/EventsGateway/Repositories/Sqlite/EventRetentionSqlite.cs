using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

internal sealed class EventRetentionSqlite(SqliteDatabase database) : IEventRetention
{
    private const int Batch = 500;

    // Old rows and their index entries are not cached: in a file of a million events, deleting 500 rows took 370 ms, and ingest
    // waits for the same commit.
    private const int RowsPerWrite = 50;

    public const string Old = """
        SELECT id FROM events INDEXED BY events_settled
        WHERE status = 'processed' AND processedAt <= @before ORDER BY processedAt LIMIT @limit
        """;

    private const string OldDismissed = """
        SELECT id FROM events INDEXED BY events_dismissed
        WHERE status = 'dismissed' AND dismissedAt <= @before ORDER BY dismissedAt LIMIT @limit
        """;

    private const string Ended = """
        FROM shipments INDEXED BY shipments_ended WHERE "end" IS NOT NULL AND merchantId <> '' AND updatedAt <= @before
        """;

    public async Task<PurgeResult> PurgeOnceAsync(RetentionAges? ages)
    {
        var purged = ages is null ? default : await PurgeOldAsync(ages);
        // Erased data may remain in the write-ahead log. Truncated last, because a long read can delay the truncation.
        if (!purged.HasMore && database.IsWalLeft) await database.TruncateLogAsync();
        return purged;
    }

    private async Task<PurgeResult> PurgeOldAsync(RetentionAges ages)
    {
        var now = database.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var before = now - (long)ages.ProcessedAfter.TotalMilliseconds;
        var processed = await PurgeAsync(Old, "status = 'processed' AND processedAt <= @before", now, before);
        var dismissed = await PurgeAsync(OldDismissed, "status = 'dismissed' AND dismissedAt <= @before", now, before);
        var trimmed = await ChangeAsync(
            $"SELECT 1 {Ended} LIMIT 1",
            // Keeps the columns end and lastEventAt, so that a late event gets the same routing decision as before.
            $"""
            UPDATE shipments SET merchantId = '', createdAt = 0, updatedAt = 0
            WHERE (shipmentId, shippingCompanyId) IN (SELECT shipmentId, shippingCompanyId {Ended} LIMIT @limit)
            """,
            before);
        var tombstones = await ExpireAsync("tombstones", "purgedAt", "keyHash", now - (long)ages.DedupHorizon.TotalMilliseconds);
        var records = await ExpireAsync("audit", "at", "number", now - (long)ages.Audit.TotalMilliseconds);
        return new PurgeResult(
            processed + dismissed, trimmed, tombstones + records,
            new[] { processed, dismissed, trimmed, tombstones, records }.Max() == Batch);
    }

    private async Task<int> PurgeAsync(string old, string isOld, long now, long before)
    {
        // The query runs on a reader's connection, so that ingest only waits for the removal.
        var ids = await database.ReadAsync(
            read => read.Query(old, row => row.Number("id"), ("@before", before), ("@limit", Batch)), CancellationToken.None);
        if (ids.Count == 0) return 0;
        var removed = 0;
        foreach (var some in ids.Chunk(RowsPerWrite))
        {
            // The age is checked again: by now the last id of the table may belong to another event.
            removed += (await database.WriteAsync(write => Tombstones.Purge(
                write, $"id IN (SELECT value FROM json_each(@ids)) AND {isOld}", now,
                ("@ids", $"[{string.Join(',', some)}]"), ("@before", before)))).Count;
        }

        return removed;
    }

    private Task<int> ExpireAsync(string table, string at, string id, long before) => ChangeAsync(
        $"SELECT 1 FROM {table} WHERE {at} <= @before LIMIT 1",
        $"DELETE FROM {table} WHERE {id} IN (SELECT {id} FROM {table} WHERE {at} <= @before LIMIT @limit)", before);

    private async Task<int> ChangeAsync(string isAny, string change, long before)
    {
        var any = await database.ReadAsync(
            read => read.Query(isAny, _ => true, ("@before", before)).Count > 0, CancellationToken.None);
        return any ? await database.WriteAsync(write => write.Execute(change, ("@before", before), ("@limit", Batch))) : 0;
    }
}
