using Microsoft.Extensions.Hosting;

namespace Gateway.Shared.Sqlite;

/// <summary>Opens the file before the server listens: a file that cannot be used stops the start, not the first webhook.</summary>
public sealed class SqliteOpening : IHostedService
{
    // Asking for the database opens it.
    public SqliteOpening(SqliteDatabase database) => ArgumentNullException.ThrowIfNull(database);

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
