using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

internal sealed class HistoryRepositorySqlite(SqliteDatabase database) : IHistoryRepository
{
    public Task SaveAsync(IReadOnlyList<HistoryRow> rows) => database.WriteAsync(write =>
    {
        foreach (var (key, process, host, data) in rows)
        {
            write.Execute(
                """
                INSERT INTO history (step, start, writer, process, host, data)
                VALUES (@step, @start, @writer, @process, @host, @data)
                ON CONFLICT (step, start, writer) DO UPDATE SET data = excluded.data
                """,
                ("@step", key.Step), ("@start", key.Start.ToUnixTimeMilliseconds()), ("@writer", key.Writer.ToByteArray()),
                ("@process", process), ("@host", host), ("@data", data));
        }

        return true;
    });

    public async Task<IReadOnlyList<HistoryRow>> ListAsync(
        int step, DateTimeOffset from, DateTimeOffset before, CancellationToken cancellationToken)
        => await database.ReadAsync(
            read => read.Query(
                """
                SELECT start, writer, process, host, data FROM history
                WHERE step = @step AND start >= @from AND start < @before
                """,
                row => new HistoryRow(
                    new HistoryKey(step, row.Time("start"), new Guid(row.Bytes("writer"))), row.Text("process"), row.Text("host"),
                    row.Bytes("data")),
                ("@step", step), ("@from", from.ToUnixTimeMilliseconds()), ("@before", before.ToUnixTimeMilliseconds())),
            cancellationToken);

    public async Task<IReadOnlyList<HistorySize>> ListSizesAsync(int step)
        => await database.ReadAsync(
            read => read.Query(
                "SELECT start, length(data) AS bytes FROM history WHERE step = @step",
                row => new HistorySize(row.Time("start"), row.Number("bytes")), ("@step", step)),
            CancellationToken.None);

    public Task RemoveOutsideAsync(int step, DateTimeOffset first, DateTimeOffset last) => database.WriteAsync(write =>
    {
        write.Execute(
            "DELETE FROM history WHERE step = @step AND (start < @first OR start > @last)",
            ("@step", step), ("@first", first.ToUnixTimeMilliseconds()), ("@last", last.ToUnixTimeMilliseconds()));
        return true;
    });
}
