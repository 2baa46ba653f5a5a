using Microsoft.Data.Sqlite;

namespace Gateway.Shared.Sqlite;

/// <summary>The row that a statement is at, its columns by their names. A statement looks each name up once.</summary>
public sealed class SqliteRow
{
    private readonly Dictionary<string, int> _ordinals = [];
    private SqliteDataReader _reader = null!;

    public string Text(string column) => _reader.GetString(At(column));

    public string? TextOrNull(string column) => _reader.IsDBNull(At(column)) ? null : Text(column);

    public long Number(string column) => _reader.GetInt64(At(column));

    public long? NumberOrNull(string column) => _reader.IsDBNull(At(column)) ? null : Number(column);

    public bool Flag(string column) => _reader.GetBoolean(At(column));

    public byte[] Bytes(string column) => _reader.GetFieldValue<byte[]>(At(column));

    public byte[]? BytesOrNull(string column) => _reader.IsDBNull(At(column)) ? null : Bytes(column);

    /// <summary>A column of Unix milliseconds.</summary>
    public DateTimeOffset Time(string column) => DateTimeOffset.FromUnixTimeMilliseconds(Number(column));

    public DateTimeOffset? TimeOrNull(string column) => _reader.IsDBNull(At(column)) ? null : Time(column);

    internal SqliteRow On(SqliteDataReader reader)
    {
        _reader = reader;
        return this;
    }

    private int At(string column)
    {
        if (!_ordinals.TryGetValue(column, out var ordinal)) _ordinals.Add(column, ordinal = _reader.GetOrdinal(column));
        return ordinal;
    }
}
