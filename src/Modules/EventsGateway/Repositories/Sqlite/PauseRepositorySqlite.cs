using Gateway.EventsGateway.Entities;
using Gateway.Shared.Sqlite;

namespace Gateway.EventsGateway.Repositories.Sqlite;

/// <summary>An empty source or merchant stands for any.</summary>
internal sealed class PauseRepositorySqlite(SqliteDatabase database) : IPauseRepository
{
    private long Now => database.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public async Task<IReadOnlyList<RoutingPause>> ListAsync(CancellationToken cancellationToken) => await database.ReadAsync(
        read => read.Query(
            "SELECT source, merchantId, since, pausedBy, resumedAt FROM pauses ORDER BY since, id",
            row => new RoutingPause(
                new RoutingScope(TextOrNull(row, "source"), TextOrNull(row, "merchantId")), row.Time("since"),
                row.Text("pausedBy"), row.TimeOrNull("resumedAt"))),
        cancellationToken);

    public Task<bool> PauseAsync(RoutingScope scope, string by) => database.WriteAsync(write => write.Execute(
        """
        INSERT INTO pauses (source, merchantId, since, pausedBy) VALUES (@source, @merchant, @now, @by)
        ON CONFLICT (source, merchantId) WHERE resumedAt IS NULL DO NOTHING
        """,
        ("@source", scope.Source ?? ""), ("@merchant", scope.MerchantId ?? ""), ("@now", Now), ("@by", by)) == 1);

    public Task<bool> ResumeAsync(RoutingScope scope) => database.WriteAsync(write =>
    {
        var now = Now;
        write.Execute(
            "DELETE FROM pauses WHERE resumedAt <= @before", ("@before", now - (long)RoutingPause.Kept.TotalMilliseconds));
        return write.Execute(
            "UPDATE pauses SET resumedAt = @now WHERE source = @source AND merchantId = @merchant AND resumedAt IS NULL",
            ("@source", scope.Source ?? ""), ("@merchant", scope.MerchantId ?? ""), ("@now", now)) == 1;
    });

    private static string? TextOrNull(SqliteRow row, string column) => row.Text(column) is { Length: > 0 } text ? text : null;
}
