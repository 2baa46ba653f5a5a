using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Shared.Sqlite;

/// <summary>A connection with its prepared statements, cached by their text.</summary>
public sealed class SqliteSession(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteStatement> _prepared = [];

    public bool IsInTransaction => raw.sqlite3_get_autocommit(connection.Handle) == 0;

    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Run<object?>(sql, null, parameters);
        return raw.sqlite3_changes(connection.Handle);
    }

    /// <summary>Runs a statement and reads every row it returns.</summary>
    public List<T> Query<T>(string sql, Func<SqliteRow, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
        => Run(sql, read, parameters)!;

    public void Dispose()
    {
        foreach (var statement in _prepared.Values) statement.Dispose();
        connection.Dispose();
    }

    private List<T>? Run<T>(string sql, Func<SqliteRow, T>? read, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var statement))
            _prepared.Add(sql, statement = new SqliteStatement(connection, sql, parameters));
        var rows = read is null ? null : new List<T>();
        try
        {
            statement.Bind(parameters);
            while (statement.Step())
                if (read is not null) rows!.Add(read(statement.Row));
        }
        finally
        {
            statement.Reset();
        }

        return rows;
    }
}
