using Gateway.EventsGateway.Entities;
using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

internal sealed class EventQueriesSqlite(SqliteDatabase database) : IEventQueries
{
    public async Task<IReadOnlyList<EventEntity>> ListAsync(
        EventFilter filter, EventCursor? after, int limit, CancellationToken cancellationToken)
    {
        var clause = new EventFilterClause(filter);
        if (after is not null) clause.After(after);
        clause.With("@limit", limit);
        return await database.ReadAsync(
            read => read.Query(
                $"""
                SELECT {EventRow.Columns} FROM events WHERE {clause.Where}
                ORDER BY receivedAt DESC, shippingCompanyId, eventId LIMIT @limit
                """,
                EventRow.Read, clause.Parameters),
            cancellationToken);
    }

    public async Task<int> CountAsync(EventFilter filter, int atMost, CancellationToken cancellationToken)
    {
        var clause = new EventFilterClause(filter);
        clause.With("@atMost", atMost);
        return await database.ReadAsync(
            read => read.Query(
                $"SELECT count(*) AS n FROM (SELECT 1 FROM events WHERE {clause.Where} LIMIT @atMost)",
                row => (int)row.Number("n"), clause.Parameters).Single(),
            cancellationToken);
    }

    public Task<DateTimeOffset?> ReceivedAtAsync(DateTimeOffset? before, int newer, CancellationToken cancellationToken)
        => database.ReadAsync(
            read => read.Query(
                "SELECT receivedAt FROM events WHERE receivedAt < @before ORDER BY receivedAt DESC LIMIT 1 OFFSET @newer",
                row => row.TimeOrNull("receivedAt"),
                ("@before", before?.ToUnixTimeMilliseconds() ?? long.MaxValue), ("@newer", newer)).SingleOrDefault(),
            cancellationToken);

    public async Task<EventEntity?> FindAsync(EventKey key, CancellationToken cancellationToken)
    {
        var now = database.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        var rows = await database.ReadAsync(
            read => read.Query(
                $"""
                SELECT {EventRow.ColumnsWithWork} FROM events
                WHERE shippingCompanyId = @company AND eventId = @event
                """,
                EventRow.ReadWithWork, ("@company", key.ShippingCompanyId), ("@event", key.EventId), ("@now", now)),
            cancellationToken);
        return rows.SingleOrDefault();
    }

    public async Task<FailureGroups> GroupFailuresAsync(int limit, string? source, CancellationToken cancellationToken)
    {
        var groups = await database.ReadAsync(
            read => read.Query(
                source is null ? EventStatements.GroupFailures : EventStatements.GroupFailuresOfSource,
                row => new FailureGroup(
                    row.Text("reason"), row.TextOrNull("error"), row.Number("n"), row.Time("oldest"), row.Time("newest")),
                source is null ? [] : [("@source", source)]),
            cancellationToken);
        return FailureGroups.Of(groups, limit);
    }

    public async Task<IReadOnlyList<EventShare>> ShareAsync(
        EventFilter filter, int newest, CancellationToken cancellationToken)
    {
        var clause = new EventFilterClause(filter);
        clause.With("@newest", newest);
        return await database.ReadAsync(
            read => read.Query(
                $"""
                SELECT source, merchantId, count(*) AS n FROM (
                    SELECT source, merchantId FROM events WHERE {clause.Where} ORDER BY receivedAt DESC LIMIT @newest)
                GROUP BY source, merchantId ORDER BY n DESC, merchantId
                """,
                row => new EventShare(EventRow.Source(row), row.Text("merchantId"), row.Number("n")), clause.Parameters),
            cancellationToken);
    }

    public async Task<IReadOnlyList<OpenContainers>> CountContainersAsync(CancellationToken cancellationToken)
        => await database.ReadAsync(
            read => read.Query(
                EventStatements.CountContainers,
                row => new OpenContainers(row.Text("source"), row.Number("n"), row.Number("bytes"))),
            cancellationToken);

    public Task<Tombstone?> FindTombstoneAsync(EventKey key, CancellationToken cancellationToken)
        => database.ReadAsync(read => Tombstones.Find(read, key), cancellationToken);

    public Task<EventCounts> CountAsync(CancellationToken cancellationToken)
        => database.ReadAsync(read => CountQueries.Count(read, database.Clock.GetUtcNow()), cancellationToken);

    public Task<PendingEvents> PendingAsync(CancellationToken cancellationToken)
        => database.ReadAsync(read => CountQueries.Pending(read, database.Clock.GetUtcNow()), cancellationToken);
}
