using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

/// <summary>Reads the table of counts, which each commit updates; of the events only pending ones are read.</summary>
internal static class CountQueries
{
    public static EventCounts Count(SqliteSession read, DateTimeOffset now)
    {
        var counts = read.Query(
            "SELECT status, n, removed FROM counts",
                row => (Status: row.Text("status"), N: row.Number("n"), Removed: row.Number("removed")))
            .ToDictionary(row => row.Status);
        return new EventCounts(counts["pending"].N, counts["processed"].N, counts["failed"].N, Oldest(read, now))
        {
            Dismissed = counts["dismissed"].N,
            Removed = new RemovedCounts(
                counts["processed"].Removed, counts["failed"].Removed, counts["dismissed"].Removed),
        };
    }

    public static PendingEvents Pending(SqliteSession read, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        return new PendingEvents(
            read.Query("SELECT n FROM counts WHERE status = 'pending'", row => row.Number("n")).Single(), Oldest(read, now),
            read.Query(
                EventStatements.OldestDue,
                row => row.NumberOrNull("oldestDue") is { } due ? TimeSpan.FromMilliseconds(at - due) : (TimeSpan?)null,
                    ("@now", at)).Single());
    }

    private static TimeSpan? Oldest(SqliteSession read, DateTimeOffset now)
    {
        var first = Look(1);
        // The row that was received first is the oldest, unless it was replayed.
        return PendingAge.Longest(first.Any(wait => wait.Generation > 1) ? Look(PendingAge.Looked) : first, now);

        List<PendingAge> Look(int atMost) => read.Query(
            EventStatements.FirstPending,
            row => new PendingAge(
                (int)row.Number("generation"), row.Time("receivedAt"), row.Time("requeuedAt"), (int)row.Number("tries"),
                row.TimeOrNull("dueAt")),
            ("@limit", atMost));
    }
}
