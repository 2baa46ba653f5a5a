using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

internal sealed class EventRetentionSqlite(SqliteDatabase database) : IEventRetention
{
    private const int Batch = 500;

    // Old rows and their places in ten indexes are no longer in memory: of a file with a million events 500 took 370 ms, and
    // the door waits for what shares its commit.
    private const int RowsPerWrite = 50;

    public const string Old = """
        SELECT id FROM events INDEXED BY events_settled
        WHERE status = 'processed' AND processedAt <= @before ORDER BY processedAt LIMIT @limit
        """;

    private const string Ended = """
        FROM shipments INDEXED BY shipments_ended WHERE "end" IS NOT NULL AND merchantId <> '' AND updatedAt <= @before
        """;

    public async Task<PurgeResult> PurgeOnceAsync(RetentionAges? ages)
    {
        var swept = ages is null ? default : await SweepOldAsync(ages);
        // Left by an erasure. As the last of all, so that a reader who stays holds up nothing else.
        if (!swept.HasMore && database.IsLogLeft) await database.TruncateLogAsync();
        return swept;
    }

    private async Task<PurgeResult> SweepOldAsync(RetentionAges ages)
    {
        var now = database.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var purged = await PurgeAsync(now, now - (long)ages.ProcessedAfter.TotalMilliseconds);
        var cut = await ChangeAsync(
            $"SELECT 1 {Ended} LIMIT 1",
            // The end and what orders events stay: whatever comes late gets the verdict that it would have got.
            $"""
            UPDATE shipments SET merchantId = '', createdAt = 0, updatedAt = 0 WHERE shipmentId IN (SELECT shipmentId {Ended} LIMIT @limit)
            """,
            now - (long)ages.ProcessedAfter.TotalMilliseconds);
        var stones = await ForgetAsync("tombstones", "purgedAt", "keyHash", now - (long)ages.DedupHorizon.TotalMilliseconds);
        var records = await ForgetAsync("audit", "at", "number", now - (long)ages.Audit.TotalMilliseconds);
        return new PurgeResult(purged, cut, stones + records, new[] { purged, cut, stones, records }.Max() == Batch);
    }

    private async Task<int> PurgeAsync(long now, long before)
    {
        // Looked for off the writer: the door waits only for the removal itself.
        var ids = await database.ReadAsync(
            read => read.Query(Old, row => row.GetInt64(0), ("@before", before), ("@limit", Batch)), CancellationToken.None);
        if (ids.Count == 0) return 0;
        var removed = 0;
        foreach (var some in ids.Chunk(RowsPerWrite))
        {
            // The age once more: the last id of the table may have become another event's.
            removed += (await database.WriteAsync(write => Tombstones.Bury(
                write, "id IN (SELECT value FROM json_each(@ids)) AND status = 'processed' AND processedAt <= @before", now,
                ("@ids", $"[{string.Join(',', some)}]"), ("@before", before)))).Count;
        }

        return removed;
    }

    private Task<int> ForgetAsync(string table, string at, string id, long before) => ChangeAsync(
        $"SELECT 1 FROM {table} WHERE {at} <= @before LIMIT 1",
        $"DELETE FROM {table} WHERE {id} IN (SELECT {id} FROM {table} WHERE {at} <= @before LIMIT @limit)", before);

    private async Task<int> ChangeAsync(string isAny, string change, long before)
    {
        var any = await database.ReadAsync(read => read.Query(isAny, _ => true, ("@before", before)).Count > 0, CancellationToken.None);
        return any ? await database.WriteAsync(write => write.Execute(change, ("@before", before), ("@limit", Batch))) : 0;
    }
}
