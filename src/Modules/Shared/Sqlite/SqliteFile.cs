using System.Globalization;
using Gateway.Shared.Errors;
using Microsoft.Data.Sqlite;

namespace Gateway.Shared.Sqlite;

/// <summary>The database file: one owner process, WAL, every commit flushed to disk, schema up to date.</summary>
internal sealed class SqliteFile : IDisposable
{
    // synchronous FULL: a commit returns after the fsync of the WAL, which every 202 depends on. secure_delete: erased data does
    // not stay readable in free pages.
    private const string Pragmas = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA temp_store = MEMORY;
        PRAGMA journal_size_limit = 67108864;
        PRAGMA cache_size = -65536;
        PRAGMA wal_autocheckpoint = 8000;
        PRAGMA secure_delete = ON;
        """;

    private readonly SqliteOwnership _owned;

    public SqliteFile(string path)
    {
        _owned = new SqliteOwnership(path);
        Check = new SqliteFileCheck(_owned);
    }

    public SqliteFileCheck Check { get; }

    public SqliteConnection Open(bool readOnly)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = _owned.Path,
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
        }.ToString());
        try
        {
            connection.Open();
            Execute(connection, "PRAGMA busy_timeout = 5000;");
            if (!readOnly) Execute(connection, Pragmas);
            return IsInWalMode(connection)
                ? connection
                : throw new StartupException(
                    $"Gateway:Sqlite:Path: {_owned.Path} is on a file system without WAL; choose a local disk.");
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Apply(SqliteConnection connection, SqliteSchema schema)
    {
        var applied = Convert.ToInt32(Ask(connection, "PRAGMA user_version"), CultureInfo.InvariantCulture);
        if (applied > schema.Scripts.Count)
            throw new StartupException($"Gateway:Sqlite:Path: {_owned.Path} was written by a newer version of the gateway.");
        foreach (var (name, function) in schema.Functions)
            connection.CreateFunction(name, (string? text) => text is null ? null : function(text), isDeterministic: true);
        for (var version = applied; version < schema.Scripts.Count; version++)
            Execute(connection, $"BEGIN IMMEDIATE; {schema.Scripts[version]} PRAGMA user_version = {version + 1}; COMMIT;");
    }

    /// <summary>False if the log was in use for longer than a second.</summary>
    public bool TruncateLog()
    {
        using var connection = Open(readOnly: false);
        Execute(connection, "PRAGMA busy_timeout = 1000;");
        // The first column is "busy".
        return Ask(connection, "PRAGMA wal_checkpoint(TRUNCATE)") is 0L;
    }

    public void Dispose()
    {
        Check.Dispose();
        _owned.Dispose();
    }

    private static bool IsInWalMode(SqliteConnection connection) => Ask(connection, "PRAGMA journal_mode") is "wal";

    private static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
