using Gateway.EventsGateway.Entities;

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
        using var file = new OldFile(_store.FilePath, ScriptsOfVersion0);
        foreach (var e in events) Insert(e);
        file.Execute("UPDATE counts SET n = n + (SELECT count(*) FROM events WHERE events.status = counts.status)");
        file.Execute(
            "INSERT INTO tombstones VALUES (@hash, 'processed', @processedAt, @buriedAt)",
            ("@hash", Tombstone.HashOf(Removed)), ("@processedAt", removedAt.AddDays(-30).ToUnixTimeMilliseconds()),
            ("@buriedAt", removedAt.ToUnixTimeMilliseconds()));
        foreach (var action in new[] { "forget-seen", "login-refused", "replay" })
        {
            file.Execute(
                """INSERT INTO audit (id, at, who, "from", action, what) VALUES (@id, 1, 'mira', '127.0.0.1', @action, '')""",
                ("@id", Guid.CreateVersion7().ToByteArray()), ("@action", action));
        }

        return Task.CompletedTask;

        void Insert(OldEvent e) => file.Execute(
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
