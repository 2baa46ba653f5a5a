using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

internal sealed class AuditRepositorySqlite(SqliteDatabase database) : IAuditRepository
{
    // If the record of the cursor has expired, the other records of its millisecond have too, and only older ones match.
    private const string Behind = "WHERE at <= @at AND (at < @at OR number < (SELECT number FROM audit WHERE id = @id))";

    public async Task<Guid> BeginAsync(AuditRecord record)
    {
        var id = Guid.CreateVersion7();
        await database.WriteAsync(write => write.Execute(
            """
            INSERT INTO audit (id, at, who, "from", action, what, result) VALUES (@id, @at, @who, @from, @action, @what, @result)
            """,
            ("@id", id.ToByteArray()), ("@at", record.At.ToUnixTimeMilliseconds()), ("@who", record.Who), ("@from", record.From),
            ("@action", record.Action), ("@what", record.What), ("@result", record.Result)));
        return id;
    }

    public Task CompleteAsync(Guid id, string result)
        => database.WriteAsync(write => write.Execute(
            "UPDATE audit SET result = @result WHERE id = @id", ("@result", result), ("@id", id.ToByteArray())));

    public async Task<IReadOnlyList<AuditRecord>> ListAsync(AuditCursor? after, int limit, CancellationToken cancellationToken)
    {
        (string, object?)[] parameters = after is null
            ? [("@limit", limit)]
            : [("@limit", limit), ("@at", after.At.ToUnixTimeMilliseconds()), ("@id", after.Id.ToByteArray())];
        return await database.ReadAsync(
            read => read.Query(
                $"""
                SELECT at, who, "from", action, what, result, id FROM audit {(after is null ? "" : Behind)}
                ORDER BY at DESC, number DESC LIMIT @limit
                """,
                row => new AuditRecord
                {
                    Id = new Guid(row.Bytes("id")),
                    At = row.Time("at"),
                    Who = row.Text("who"),
                    From = row.Text("from"),
                    Action = row.Text("action"),
                    What = row.Text("what"),
                    Result = row.TextOrNull("result"),
                },
                parameters),
            cancellationToken);
    }
}
