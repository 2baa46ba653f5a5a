using Gateway.TestSupport;
using Microsoft.Data.Sqlite;

namespace Gateway.Host.Tests.CrashDrill.Sources;

/// <summary>A trigger that reads a view without an end: the write neither fails nor ends.</summary>
internal sealed class ReplayStopSqlite(string path) : IReplayStop
{
    private ReplayStep _step;

    public Task HangAsync(ReplayStep step)
    {
        _step = step;
        var write = step switch
        {
            ReplayStep.Claimed => "UPDATE OF mapped ON events",
            ReplayStep.MappedSaved => $"INSERT ON events WHEN new.shippingCompanyId = '{SourcesFile.Source}'",
            _ => "UPDATE OF status ON events WHEN new.status = 'processed' AND new.outcome = 'mapped'",
        };
        Ask($"""
            CREATE VIEW drill_numbers AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n;
            CREATE TRIGGER drill_stop BEFORE {write} BEGIN SELECT count(*) FROM drill_numbers; END;
            """);
        return Task.CompletedTask;
    }

    /// <summary>What the process has committed last; its next write of the replay is the one that hangs.</summary>
    public Task ReachedAsync() => Until.TrueAsync(() => Ask(_step switch
    {
        ReplayStep.Claimed => "SELECT 'one' FROM events WHERE claimToken IS NOT NULL",
        ReplayStep.MappedSaved => "SELECT 'one' FROM events WHERE mapped IS NOT NULL",
        _ => $"SELECT 'one' FROM events WHERE shippingCompanyId = '{SourcesFile.Source}'",
    }).Count > 0);

    public Task<IReadOnlySet<string>> MappedContainersAsync() => Task.FromResult<IReadOnlySet<string>>(
        Ask("SELECT eventId FROM events WHERE mapped IS NOT NULL")
            .Select(id => Batch.ContainerPrefix + id.Replace(":", "_3a", StringComparison.Ordinal)).ToHashSet());

    public Task ReleaseAsync()
    {
        Ask("DROP TRIGGER drill_stop; DROP VIEW drill_numbers;");
        return Task.CompletedTask;
    }

    private List<string> Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var found = new List<string>();
        while (reader.Read()) found.Add(reader.GetString(0));
        return found;
    }
}
