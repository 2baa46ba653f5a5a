using Gateway.EventsGateway.Entities;
using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

/// <summary>The table of tombstones, for whoever is in a transaction already.</summary>
internal static class Tombstones
{
    /// <summary>Asked once per group: as long as nothing was ever removed no event is looked for.</summary>
    public static bool Any(SqliteSession session) => session.Query("SELECT 1 FROM tombstones LIMIT 1", _ => true).Count > 0;

    public static bool Has(SqliteSession session, EventKey key) => Find(session, key) is not null;

    public static Tombstone? Find(SqliteSession session, EventKey key) => session.Query(
        "SELECT status, processedAt, purgedAt FROM tombstones WHERE keyHash = @hash",
        row => new Tombstone(
            EventStatusText.Parse(row.GetString(0))!.Value, row.IsDBNull(1) ? null : EventRow.Time(row.GetInt64(1)),
            EventRow.Time(row.GetInt64(2))),
        ("@hash", Tombstone.HashOf(key))).SingleOrDefault();

    /// <summary>Removes the rows that the condition names; for each a tombstone stays, and the counts keep it.</summary>
    public static IReadOnlyList<RemovedRow> Bury(SqliteSession write, string where, long now, params ReadOnlySpan<(string, object?)> parameters)
    {
        var rows = write.Query(
            $"DELETE FROM events WHERE {where} RETURNING shippingCompanyId, eventId, status, processedAt, shipmentId",
            row => new RemovedRow(
                new EventKey(row.GetString(0), row.GetString(1)), row.GetString(2), row.IsDBNull(3) ? null : row.GetInt64(3), row.GetString(4)),
            parameters);
        foreach (var row in rows)
        {
            write.Execute(
                "INSERT OR REPLACE INTO tombstones VALUES (@hash, @status, @processedAt, @now)",
                ("@hash", Tombstone.HashOf(row.Key)), ("@status", row.PurgedAs), ("@processedAt", row.ProcessedAt), ("@now", now));
        }

        foreach (var same in rows.GroupBy(row => row.Status)) CountRemoved(write, same.Key, same.First().PurgedAs, same.Count());
        return rows;
    }

    private static void CountRemoved(SqliteSession write, string status, string buriedAs, int n)
    {
        if (status != buriedAs) write.Execute("UPDATE counts SET n = n - @n WHERE status = @status", ("@n", n), ("@status", status));
        write.Execute(
            "UPDATE counts SET n = n + @moved, removed = removed + @n WHERE status = @status",
            ("@moved", status == buriedAs ? 0 : n), ("@n", n), ("@status", buriedAs));
    }
}

internal sealed record RemovedRow(EventKey Key, string Status, long? ProcessedAt, string ShipmentId)
{
    /// <summary>Nobody will try it again.</summary>
    public string PurgedAs => Status == "pending" ? "failed" : Status;
}
