using System.Text.Json;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

internal sealed class EventDismissalSqlite(SqliteDatabase database) : IEventDismissal
{
    // In batches, so that ingest can commit between them.
    private const int Batch = 500;

    private const string OfKey = "shippingCompanyId = @company AND eventId = @event";
    private const string Dismissible = "(+status = 'failed' OR +status = 'pending' AND claimToken IS NULL)";
    private const string InWork = "+status = 'pending' AND claimToken IS NOT NULL";

    public Task<DismissResult> DismissAsync(IReadOnlyList<EventKey> keys, string by) => database.WriteAsync(write =>
    {
        var (ends, dismissed, inWork) = (new List<EventKey>(), 0, 0);
        foreach (var key in keys.Distinct())
        {
            (string, object?)[] of = [("@company", key.ShippingCompanyId), ("@event", key.EventId)];
            inWork += write.Query($"SELECT 1 FROM events WHERE {OfKey} AND {InWork}", _ => true, of).Count;
            dismissed += Dismiss(write, OfKey, by, of, out var ended);
            ends.AddRange(ended);
        }

        return new DismissResult(dismissed, inWork, CountEnded(write, ends), Remaining: 0);
    });

    public async Task<DismissResult> DismissAsync(EventFilter filter, int atMost, string by)
    {
        var clause = new EventFilterClause(filter.OfDismissal());
        int dismissed = 0, shipments = 0, some;
        do
        {
            (string, object?)[] limited = [.. clause.Parameters, ("@limit", Math.Min(Batch, atMost - dismissed))];
            var of = $"""
                id IN (SELECT id FROM events WHERE {clause.Where} AND {Dismissible}
                    ORDER BY receivedAt LIMIT @limit)
                """;
            (some, var ended) = await database.WriteAsync(write
                => (Dismiss(write, of, by, limited, out var ends), CountEnded(write, ends)));
            (dismissed, shipments) = (dismissed + some, shipments + ended);
        }
        while (some > 0 && dismissed < atMost);

        return await database.ReadAsync(
            read => read.Query(
                $"""
                SELECT count(*) FILTER (WHERE {InWork}) AS inWork, count(*) FILTER (WHERE {Dismissible}) AS remaining
                FROM events WHERE {clause.Where}
                """,
                row => new DismissResult(dismissed, (int)row.Number("inWork"), shipments, (int)row.Number("remaining")),
                clause.Parameters).Single(),
            CancellationToken.None);
    }

    private int Dismiss(SqliteSession write, string of, string by, (string, object?)[] parameters, out List<EventKey> ends)
    {
        var rows = write.Query(
            $"""
            UPDATE events SET status = 'dismissed', dismissedAt = @now, dismissedBy = @by, dueAt = NULL
            WHERE {of} AND {Dismissible} RETURNING shippingCompanyId, eventId, type
            """,
            row => (Key: EventRow.Key(row), Type: EventTypeText.Parse(row.Text("type"))),
            [.. parameters, ("@now", database.Clock.GetUtcNow().ToUnixTimeMilliseconds()), ("@by", by)]);
        ends = [.. rows.Where(row => row.Type?.EndsShipment() == true).Select(row => row.Key)];
        return rows.Count;
    }

    private static int CountEnded(SqliteSession read, List<EventKey> ends) => ends.Count == 0 ? 0 : read.Query(
        """
        SELECT "end" FROM shipments WHERE (shipmentId, shippingCompanyId) IN (
            SELECT shipmentId, shippingCompanyId FROM events WHERE (shippingCompanyId, eventId) IN (
                SELECT value ->> 0, value ->> 1 FROM json_each(@keys)))
        """,
        row => row.TextOrNull("end"),
        ("@keys", JsonSerializer.Serialize(ends.Select(key => new[] { key.ShippingCompanyId, key.EventId }))))
        .Count(end => ShipmentEntity.KeyOfEnd(end) is { } key && ends.Contains(key));
}
