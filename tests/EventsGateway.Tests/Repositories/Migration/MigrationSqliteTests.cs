using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Repositories.Sqlite;
using Microsoft.Data.Sqlite;

namespace Gateway.EventsGateway.Tests.Repositories.Migration;

/// <summary>A file made by the five scripts of version 0.</summary>
public sealed class MigrationSqliteTests : MigrationContract
{
    private const int ScriptsOfVersion0 = 5;

    private readonly SqliteStore _store;

    public MigrationSqliteTests()
        : this(new SqliteStore())
    {
    }

    private MigrationSqliteTests(SqliteStore store)
        : base(store) => _store = store;

    private protected override Task WriteAsync(IReadOnlyList<OldEvent> events, DateTimeOffset removedAt)
    {
        using var connection = new SqliteConnection($"Data Source={_store.FilePath};Pooling=false");
        connection.Open();
        foreach (var script in EventSchema.Schema.Scripts.Take(ScriptsOfVersion0)) Execute(script);
        Execute($"PRAGMA user_version = {ScriptsOfVersion0}");
        foreach (var e in events) Insert(e);
        Execute("UPDATE counts SET n = n + (SELECT count(*) FROM events WHERE events.status = counts.status)");
        Execute(
            "INSERT INTO tombstones VALUES (@hash, 'processed', @processedAt, @buriedAt)",
            ("@hash", Tombstone.HashOf(Removed)), ("@processedAt", removedAt.AddDays(-30).ToUnixTimeMilliseconds()),
            ("@buriedAt", removedAt.ToUnixTimeMilliseconds()));
        foreach (var action in new[] { "forget-seen", "login-refused", "replay" })
        {
            Execute(
                """INSERT INTO audit (id, at, who, "from", action, what) VALUES (@id, 1, 'mira', '127.0.0.1', @action, '')""",
                ("@id", Guid.CreateVersion7().ToByteArray()), ("@action", action));
        }

        return Task.CompletedTask;

        void Execute(string sql, params (string Name, object? Value)[] parameters)
        {
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
            command.ExecuteNonQuery();
        }

        void Insert(OldEvent e) => Execute(
            """
            INSERT INTO events (shippingCompanyId, eventId, merchantId, shipmentId, type, occurredAt, receivedAt, body, acceptIds,
                status, outcome, lastError, processedAt, life, lifeBeganAt, lifeBegunBy, attemptsSpent, interruptions, attempts,
                dueAt, claimToken, claimedAt)
            VALUES ('dhl', @eventId, 'm-1', 'sh-1', 'SHIPMENT_CREATED', @now, @now, x'7b7d', '[]', @status, @outcome,
                @lastError, @processedAt, @life, @lifeBeganAt, @lifeBegunBy, @attemptsSpent, @interruptions, @attempts,
                @dueAt, @claimToken, @claimedAt)
            """,
            ("@eventId", e.EventId), ("@now", Now.ToUnixTimeMilliseconds()), ("@status", e.Status), ("@outcome", e.Outcome),
            ("@lastError", e.LastError), ("@processedAt", e.Status == "processed" ? Now.ToUnixTimeMilliseconds() : null),
                ("@life", e.Life),
            ("@lifeBeganAt", e.LifeBeganAt.ToUnixTimeMilliseconds()), ("@lifeBegunBy", e.LifeBegunBy),
                ("@attemptsSpent", e.AttemptsSpent),
            ("@interruptions", e.Interruptions), ("@attempts", e.Attempts), ("@dueAt", e.DueAt?.ToUnixTimeMilliseconds()),
            ("@claimToken", e.ClaimToken?.ToByteArray()),
                ("@claimedAt", e.ClaimToken is null ? null : Now.ToUnixTimeMilliseconds()));
    }
}
