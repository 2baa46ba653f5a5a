using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Gateway.Shared.Sqlite;

/// <summary>
/// A prepared statement, whose parameters are given in the order of its first use. The commands of ADO.NET look their parameters
/// up by name and create a reader for each run, a fifth of the CPU time of an insert.
/// </summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly sqlite3_stmt _statement;
    private readonly int[] _places;
    private byte[] _utf8 = new byte[256];

    public SqliteStatement(SqliteConnection connection, string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        _connection = connection;
        Check(raw.sqlite3_prepare_v2(connection.Handle, sql, out _statement));
        _places = new int[parameters.Length];
        for (var i = 0; i < _places.Length; i++)
            _places[i] = raw.sqlite3_bind_parameter_index(_statement, parameters[i].Name);
        if (_places.Distinct().Count(place => place > 0) != raw.sqlite3_bind_parameter_count(_statement))
            throw new ArgumentException($"A parameter is missing: {sql}", nameof(parameters));
        Row = new SqliteRow(_statement);
    }

    /// <summary>The row that <see cref="Step"/> has reached.</summary>
    public SqliteRow Row { get; }

    public void Bind(ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        for (var i = 0; i < parameters.Length; i++)
            // The caller may give more parameters than this text has.
            if (_places[i] > 0) Check(Bind(_places[i], parameters[i].Value));
    }

    /// <summary>Runs to the next row; false at the end.</summary>
    public bool Step()
    {
        var result = raw.sqlite3_step(_statement);
        if (result == raw.SQLITE_ROW) return true;
        Check(result);
        return false;
    }

    /// <summary>Ends the run. Repeats the error of the last step, which was already thrown.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    public void Dispose() => _statement.Dispose();

    private int Bind(int place, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(_statement, place),
        // A span without bytes would be bound as NULL.
        "" => raw.sqlite3_bind_text(_statement, place, ""),
        string text => raw.sqlite3_bind_text(_statement, place, Utf8(text)),
        long number => raw.sqlite3_bind_int64(_statement, place, number),
        int number => raw.sqlite3_bind_int64(_statement, place, number),
        byte[] bytes => raw.sqlite3_bind_blob(_statement, place, bytes),
        _ => throw new ArgumentException($"A parameter cannot be a {value.GetType().Name}.", nameof(value)),
    };

    private ReadOnlySpan<byte> Utf8(string text)
    {
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_utf8.Length < most) _utf8 = new byte[most];
        return _utf8.AsSpan(0, Encoding.UTF8.GetBytes(text, _utf8));
    }

    /// <summary>Does nothing after OK and at the end of the rows.</summary>
    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _connection.Handle);
}
