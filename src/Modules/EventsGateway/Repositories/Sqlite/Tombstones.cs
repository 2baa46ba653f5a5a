using Gateway.EventsGateway.Entities;
using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

/// <summary>The table of tombstones, inside a transaction of the caller.</summary>
internal static class Tombstones
{
    /// <summary>Called once per group: while the table is empty, no event is looked up in it.</summary>
    public static bool Any(SqliteSession session) => session.Query("SELECT 1 FROM tombstones LIMIT 1", _ => true).Count > 0;

    public static bool Has(SqliteSession session, EventKey key) => Find(session, key) is not null;

    public static Tombstone? Find(SqliteSession session, EventKey key) => session.Query(
        "SELECT status, processedAt, purgedAt FROM tombstones WHERE keyHash = @hash",
        row => new Tombstone(
            EventStatusText.Parse(row.Text("status"))!.Value, row.TimeOrNull("processedAt"), row.Time("purgedAt")),
        ("@hash", Tombstone.HashOf(key))).SingleOrDefault();

    /// <summary>Replaces each matching row by a tombstone. The counts still include the events.</summary>
    public static IReadOnlyList<RemovedRow> Purge(
        SqliteSession write, string where, long now, params ReadOnlySpan<(string, object?)> parameters)
    {
        var rows = write.Query(
            $"DELETE FROM events WHERE {where} RETURNING shippingCompanyId, eventId, status, processedAt, shipmentId",
            row => new RemovedRow(
                EventRow.Key(row), row.Text("status"), row.NumberOrNull("processedAt"), row.Text("shipmentId")),
            parameters);
        foreach (var row in rows)
        {
            write.Execute(
                "INSERT OR REPLACE INTO tombstones VALUES (@hash, @status, @processedAt, @now)",
                ("@hash", Tombstone.HashOf(row.Key)), ("@status", row.PurgedAs), ("@processedAt", row.ProcessedAt),
                    ("@now", now));
        }

        foreach (var same in rows.GroupBy(row => row.Status)) CountRemoved(write, same.Key, same.First().PurgedAs, same.Count());
        return rows;
    }

    private static void CountRemoved(SqliteSession write, string status, string purgedAs, int n)
    {
        if (status != purgedAs)
            write.Execute("UPDATE counts SET n = n - @n WHERE status = @status", ("@n", n), ("@status", status));

        write.Execute(
            "UPDATE counts SET n = n + @moved, removed = removed + @n WHERE status = @status",
            ("@moved", status == purgedAs ? 0 : n), ("@n", n), ("@status", purgedAs));
    }
}

internal sealed record RemovedRow(EventKey Key, string Status, long? ProcessedAt, string ShipmentId)
{
    /// <summary>A pending event counts as failed, because it is no longer attempted.</summary>
    public string PurgedAs => Status == "pending" ? "failed" : Status;
}
