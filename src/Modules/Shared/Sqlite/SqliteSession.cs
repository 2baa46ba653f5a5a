using Microsoft.Data.Sqlite;

namespace Gateway.Shared.Sqlite;

/// <summary>A connection with its prepared statements, cached by their text.</summary>
public sealed class SqliteSession(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, (SqliteCommand Command, SqliteRow Row)> _prepared = [];

    public bool IsInTransaction => SQLitePCL.raw.sqlite3_get_autocommit(connection.Handle) == 0;

    /// <summary>Runs a statement and returns the number of rows it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
        => Bind(sql, parameters).Command.ExecuteNonQuery();

    /// <summary>Runs a statement and reads every row it returns.</summary>
    public List<T> Query<T>(string sql, Func<SqliteRow, T> read, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var rows = new List<T>();
        var (command, row) = Bind(sql, parameters);
        using var reader = command.ExecuteReader();
        while (reader.Read()) rows.Add(read(row.On(reader)));
        return rows;
    }

    public void Dispose()
    {
        foreach (var (command, _) in _prepared.Values) command.Dispose();
        connection.Dispose();
    }

    private (SqliteCommand Command, SqliteRow Row) Bind(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!_prepared.TryGetValue(sql, out var prepared))
        {
            prepared = (connection.CreateCommand(), new SqliteRow());
            prepared.Command.CommandText = sql;
            foreach (var (name, _) in parameters) prepared.Command.Parameters.Add(new SqliteParameter { ParameterName = name });
            _prepared.Add(sql, prepared);
        }

        for (var i = 0; i < parameters.Length; i++) prepared.Command.Parameters[i].Value = parameters[i].Value ?? DBNull.Value;
        return prepared;
    }
}
