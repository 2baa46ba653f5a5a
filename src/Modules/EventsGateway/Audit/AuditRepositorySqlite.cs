using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Audit;

internal sealed class AuditRepositorySqlite(SqliteDatabase database) : IAuditRepository
{
    public async Task<Guid> BeginAsync(AuditRecord record)
    {
        var id = Guid.CreateVersion7();
        await database.WriteAsync(write => write.Execute(
            """INSERT INTO audit (id, at, who, "from", action, what, result) VALUES (@id, @at, @who, @from, @action, @what, @result)""",
            ("@id", id.ToByteArray()), ("@at", record.At.ToUnixTimeMilliseconds()), ("@who", record.Who), ("@from", record.From),
            ("@action", record.Action), ("@what", record.What), ("@result", record.Result)));
        return id;
    }

    public Task CompleteAsync(Guid id, string result)
        => database.WriteAsync(write => write.Execute(
            "UPDATE audit SET result = @result WHERE id = @id", ("@result", result), ("@id", id.ToByteArray())));

    public async Task<IReadOnlyList<AuditRecord>> LatestAsync(int limit, CancellationToken cancellationToken)
        => await database.ReadAsync(
            read => read.Query(
                """SELECT at, who, "from", action, what, result FROM audit ORDER BY at DESC, number DESC LIMIT @limit""",
                row => new AuditRecord
                {
                    At = EventRowSqlite.Time(row.GetInt64(0)),
                    Who = row.GetString(1),
                    From = row.GetString(2),
                    Action = row.GetString(3),
                    What = row.GetString(4),
                    Result = row.IsDBNull(5) ? null : row.GetString(5),
                },
                ("@limit", limit)),
            cancellationToken);
}
