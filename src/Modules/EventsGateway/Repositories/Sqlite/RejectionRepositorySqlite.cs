using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

internal sealed class RejectionRepositorySqlite(SqliteDatabase database) : IRejectionRepository
{
    public Task AddAsync(IReadOnlyList<RejectionCount> counts, DateTimeOffset oldest) => database.WriteAsync(write =>
    {
        write.Execute("DELETE FROM rejections WHERE hour < @oldest", ("@oldest", oldest.ToUnixTimeMilliseconds()));
        foreach (var (hour, count) in counts)
        {
            write.Execute(
                """
                INSERT INTO rejections (hour, source, reason, count) VALUES (@hour, @source, @reason, @count)
                ON CONFLICT (hour, source, reason) DO UPDATE SET count = count + excluded.count
                """,
                ("@hour", hour.Start.ToUnixTimeMilliseconds()), ("@source", hour.Source), ("@reason", hour.Reason),
                ("@count", count));
        }

        return true;
    });

    public async Task<IReadOnlyList<RejectionCount>> ListAsync(DateTimeOffset oldest, CancellationToken cancellationToken)
        => await database.ReadAsync(
            read => read.Query(
                "SELECT hour, source, reason, count FROM rejections WHERE hour >= @oldest",
                row => new RejectionCount(
                    new RejectionHour(row.Time("hour"), row.Text("source"), row.Text("reason")), row.Number("count")),
                ("@oldest", oldest.ToUnixTimeMilliseconds())),
            cancellationToken);
}
