using SQLitePCL;

namespace Gateway.Shared.Sqlite;

/// <summary>The row that a statement is at, its columns by their names. A statement looks each name up once.</summary>
public sealed class SqliteRow
{
    private readonly Dictionary<string, int> _ordinals = [];
    private readonly sqlite3_stmt _statement;

    internal SqliteRow(sqlite3_stmt statement)
    {
        _statement = statement;
        for (var i = 0; i < raw.sqlite3_column_count(statement); i++)
            _ordinals.TryAdd(raw.sqlite3_column_name(statement, i).utf8_to_string(), i);
    }

    public string Text(string column) => TextOrNull(column) ?? throw Missing(column);

    public string? TextOrNull(string column) => raw.sqlite3_column_text(_statement, _ordinals[column]).utf8_to_string();

    public long Number(string column) => NumberOrNull(column) ?? throw Missing(column);

    public long? NumberOrNull(string column)
        => IsNull(column) ? null : raw.sqlite3_column_int64(_statement, _ordinals[column]);

    public bool Flag(string column) => Number(column) != 0;

    public byte[] Bytes(string column) => BytesOrNull(column) ?? throw Missing(column);

    public byte[]? BytesOrNull(string column)
        => IsNull(column) ? null : raw.sqlite3_column_blob(_statement, _ordinals[column]).ToArray();

    /// <summary>A column of Unix milliseconds.</summary>
    public DateTimeOffset Time(string column) => DateTimeOffset.FromUnixTimeMilliseconds(Number(column));

    public DateTimeOffset? TimeOrNull(string column)
        => NumberOrNull(column) is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null;

    private bool IsNull(string column) => raw.sqlite3_column_type(_statement, _ordinals[column]) == raw.SQLITE_NULL;

    private static InvalidOperationException Missing(string column) => new($"The column {column} is NULL.");
}
