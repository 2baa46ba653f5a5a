using Gateway.EventsGateway.Events;
using Gateway.Shared;
using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories;

internal sealed class EventQueriesSqlite(SqliteDatabase database, TimeProvider time) : IEventQueries
{
    // Due times are written by such a clock.
    private readonly SteadyTime _clock = new(time);

    public async Task<IReadOnlyList<EventEntity>> ListAsync(
        EventFilter filter, EventCursor? after, int limit, CancellationToken cancellationToken)
    {
        var clause = new EventFilterSqlite(filter);
        if (after is not null) clause.After(after);
        clause.With("@limit", limit);
        return await database.ReadAsync(
            read => read.Query(
                $"""
                SELECT {EventRowSqlite.Columns} FROM events WHERE {clause.Where}
                ORDER BY receivedAt DESC, shippingCompanyId, eventId LIMIT @limit
                """,
                EventRowSqlite.Read, clause.Parameters),
            cancellationToken);
    }

    public async Task<EventEntity?> FindAsync(EventKey key, CancellationToken cancellationToken)
    {
        var rows = await database.ReadAsync(
            read => read.Query(
                $"SELECT {EventRowSqlite.ColumnsWithBody} FROM events WHERE shippingCompanyId = @company AND eventId = @event",
                EventRowSqlite.ReadWithBody, ("@company", key.ShippingCompanyId), ("@event", key.EventId)),
            cancellationToken);
        return rows.SingleOrDefault();
    }

    public async Task<FailureGroups> GroupFailuresAsync(int limit, CancellationToken cancellationToken)
    {
        var groups = await database.ReadAsync(
            read => read.Query(
                EventStatementsSqlite.GroupFailures,
                row => new FailureGroup(
                    row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetInt64(2),
                    EventRowSqlite.Time(row.GetInt64(3)), EventRowSqlite.Time(row.GetInt64(4)))),
            cancellationToken);
        return FailureGroups.Of(groups, limit);
    }

    public Task<Tombstone?> FindTombstoneAsync(EventKey key, CancellationToken cancellationToken)
        => database.ReadAsync(read => TombstonesSqlite.Find(read, key), cancellationToken);

    public Task<EventCounts> CountAsync(CancellationToken cancellationToken)
        => database.ReadAsync(
            read =>
            {
                var counts = read.Query("SELECT status, n, removed FROM counts", row => (Status: row.GetString(0), N: row.GetInt64(1), Removed: row.GetInt64(2)))
                    .ToDictionary(row => row.Status);
                var oldest = read.Query(
                    "SELECT min(receivedAt) FROM events WHERE status = 'pending'",
                    row => row.IsDBNull(0) ? (DateTimeOffset?)null : EventRowSqlite.Time(row.GetInt64(0))).Single();
                return new EventCounts(
                    counts["pending"].N, counts["processed"].N, counts["failed"].N, oldest is null ? null : time.GetUtcNow() - oldest)
                {
                    Removed = new RemovedCounts(counts["processed"].Removed, counts["failed"].Removed),
                };
            },
            cancellationToken);

    public Task<TimeSpan?> OldestDueAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        return database.ReadAsync(
            read => read.Query(
                EventStatementsSqlite.OldestDue,
                row => row.IsDBNull(0) ? (TimeSpan?)null : TimeSpan.FromMilliseconds(now - row.GetInt64(0)), ("@now", now)).Single(),
            cancellationToken);
    }
}
