using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

/// <summary>An empty merchant stands for all.</summary>
internal sealed class PauseRepositorySqlite(SqliteDatabase database) : IPauseRepository
{
    private long Now => database.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<IReadOnlyList<RoutingPause>> ListAsync(CancellationToken cancellationToken) => await database.ReadAsync(
        read => read.Query(
            "SELECT merchantId, since, pausedBy, resumedAt FROM pauses ORDER BY since, id",
            row => new RoutingPause(
                row.Text("merchantId") is { Length: > 0 } merchant ? merchant : null, row.Time("since"), row.Text("pausedBy"),
                row.TimeOrNull("resumedAt"))),
        cancellationToken);

    public Task<bool> PauseAsync(string? merchantId, string by) => database.WriteAsync(write => write.Execute(
        """
        INSERT INTO pauses (merchantId, since, pausedBy) VALUES (@merchant, @now, @by)
        ON CONFLICT (merchantId) WHERE resumedAt IS NULL DO NOTHING
        """,
        ("@merchant", merchantId ?? ""), ("@now", Now), ("@by", by)) == 1);

    public Task<bool> ResumeAsync(string? merchantId) => database.WriteAsync(write =>
    {
        var now = Now;
        write.Execute(
            "DELETE FROM pauses WHERE resumedAt <= @before", ("@before", now - (long)RoutingPause.Kept.TotalMilliseconds));
        return write.Execute(
            "UPDATE pauses SET resumedAt = @now WHERE merchantId = @merchant AND resumedAt IS NULL",
            ("@merchant", merchantId ?? ""), ("@now", now)) == 1;
    });
}
