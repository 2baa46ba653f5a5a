using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Repositories.Migration;

/// <summary>A file made by the fourteen scripts of the version before, with counts of rejected requests.</summary>
public sealed class HistoryMigrationSqliteTests
{
    private const int ScriptsOfVersionBefore = 14;

    [Fact]
    public async Task File_with_counts_of_rejected_requests_takes_the_history_instead()
    {
        await using var store = new SqliteStore();
        using (var file = new OldFile(store.FilePath, ScriptsOfVersionBefore))
            file.Execute("INSERT INTO rejections VALUES (0, 'acme', 'too_large', 1)");

        await store.OpenAsync();

        var tables = await store.Database.ReadAsync(
            read => read.Query("SELECT name FROM sqlite_master WHERE type = 'table'", row => row.Text("name")),
            CancellationToken.None);
        tables.ShouldNotContain("rejections");
        var row = new HistoryRow(new HistoryKey(10, store.Time.GetUtcNow(), Guid.NewGuid()), "process", "host", [1]);
        await store.History.SaveAsync([row]);
        (await store.History.ListSizesAsync(10)).ShouldHaveSingleItem();
    }
}
