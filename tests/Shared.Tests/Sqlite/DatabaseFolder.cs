using System.Diagnostics;
using Gateway.Shared.Sqlite;
using Microsoft.Extensions.Hosting.Internal;

namespace Gateway.Shared.Tests.Sqlite;

/// <summary>A separate folder for each test.</summary>
public sealed class DatabaseFolder : IDisposable
{
    public const string Events = "CREATE TABLE events (id INTEGER PRIMARY KEY, name TEXT NOT NULL);";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gateway-sqlite-");

    public string FilePath => Path.Combine(_folder.FullName, "data", "gateway.db");

    /// <summary>Opens the file, by default with one table <c>events (id, name)</c>.</summary>
    public SqliteDatabase Open(params string[] scripts) => OpenAt("data/gateway.db", scripts);

    public SqliteDatabase OpenAt(string path, params string[] scripts)
        => new(
            Microsoft.Extensions.Options.Options.Create(new SqliteOptions { Path = path }),
            new SqliteSchema(scripts.Length == 0 ? [Events] : scripts),
            new HostingEnvironment { ContentRootPath = _folder.FullName }, TimeProvider.System);

    public void Dispose() => _folder.Delete(recursive: true);
}

internal static class DatabaseVerbs
{
    public static void Add(this SqliteSession session, int id)
        => session.Execute("INSERT INTO events (id, name) VALUES (@id, @name)", ("@id", id), ("@name", $"event {id}"));

    public static Task<int> AddAsync(this SqliteDatabase database, int id)
        => database.WriteAsync(session =>
        {
            session.Add(id);
            return id;
        });

    public static Task<List<long>> IdsAsync(this SqliteDatabase database)
        => database.ReadAsync(
            session => session.Query("SELECT id FROM events ORDER BY id", row => row.Number("id")), CancellationToken.None);

    /// <summary>Keeps the writer busy until <paramref name="go"/>: later writes share one transaction.</summary>
    public static async Task<Task<bool>> HoldWriterAsync(this SqliteDatabase database, ManualResetEventSlim go)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var held = database.WriteAsync(_ =>
        {
            begun.SetResult();
            return go.Wait(Gateway.TestSupport.SteppedTime.Timeout);
        });
        await begun.Task;
        return held;
    }
}

/// <summary>Programs that touch the files from outside: the streams of .NET respect the gateway's lock, others do not.</summary>
internal static class Shell
{
    public static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
