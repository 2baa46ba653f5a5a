using Gateway.EventsGateway.Repositories.Sqlite;
using Microsoft.Data.Sqlite;

namespace Gateway.EventsGateway.Tests.Repositories.Migration;

/// <summary>A file made by the first scripts.</summary>
internal sealed class OldFile : IDisposable
{
    private readonly SqliteConnection _connection;

    public OldFile(string path, int scripts)
    {
        _connection = new SqliteConnection($"Data Source={path};Pooling=false");
        _connection.Open();
        foreach (var (name, function) in EventSchema.Schema.Functions)
            _connection.CreateFunction(name, (string? text) => text is null ? null : function(text));
        foreach (var script in EventSchema.Schema.Scripts.Take(scripts)) Execute(script);
        Execute($"PRAGMA user_version = {scripts}");
    }

    public void Execute(string sql, params (string Name, object? Value)[] parameters)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    public void Dispose() => _connection.Dispose();
}
