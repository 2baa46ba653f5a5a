using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

/// <summary>Counted at every commit; only what waits is looked at.</summary>
internal static class CountQueries
{
    public static EventCounts Count(SqliteSession read, DateTimeOffset now)
    {
        var counts = read.Query("SELECT status, n, removed FROM counts", row => (Status: row.GetString(0), N: row.GetInt64(1), Removed: row.GetInt64(2)))
            .ToDictionary(row => row.Status);
        return new EventCounts(counts["pending"].N, counts["processed"].N, counts["failed"].N, Oldest(read, now))
        {
            Removed = new RemovedCounts(counts["processed"].Removed, counts["failed"].Removed),
        };
    }

    public static PendingEvents Pending(SqliteSession read, DateTimeOffset now)
    {
        var at = now.ToUnixTimeMilliseconds();
        return new PendingEvents(
            read.Query("SELECT n FROM counts WHERE status = 'pending'", row => row.GetInt64(0)).Single(), Oldest(read, now),
            read.Query(
                EventStatements.OldestDue,
                row => row.IsDBNull(0) ? (TimeSpan?)null : TimeSpan.FromMilliseconds(at - row.GetInt64(0)), ("@now", at)).Single());
    }

    private static TimeSpan? Oldest(SqliteSession read, DateTimeOffset now)
    {
        var first = Look(1);
        // Only behind what was replayed may anything wait for longer.
        return PendingAge.Longest(first.Any(wait => wait.Generation > 1) ? Look(PendingAge.Looked) : first, now);

        List<PendingAge> Look(int atMost) => read.Query(
            EventStatements.FirstPending,
            row => new PendingAge(row.GetInt32(0), EventRow.Time(row.GetInt64(1)), EventRow.Time(row.GetInt64(2))), ("@limit", atMost));
    }
}
