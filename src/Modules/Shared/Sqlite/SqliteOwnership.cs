using Gateway.Shared.Errors;

namespace Gateway.Shared.Sqlite;

/// <summary>
/// The database file belongs to one process and is closed to other users of the machine. The kernel releases the locks with the
/// process, so kill -9 leaves none.
/// </summary>
internal sealed class SqliteOwnership : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Others = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    // EWOULDBLOCK of Linux and of macOS, ERROR_SHARING_VIOLATION of Windows.
    private static readonly int[] LockedElsewhere = [11, 35, unchecked((int)0x80070020)];

    private readonly FileStream? _lockFile;
    private readonly FileStream? _database;

    public SqliteOwnership(string path)
    {
        try
        {
            CreateFolder(System.IO.Path.GetDirectoryName(path)!);
            // The lock belongs to the link target: two names of one file are one database.
            if (File.Exists(path)) path = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
            Path = path;
            RejectLogWithoutDatabase();
            // A gateway of version 1.0 locks this file alone, and on Windows a lock on the database would lock SQLite out.
            _lockFile = Lock(path + ".lock");
            // A process whose lock file was removed still holds this lock: flock, which does not meet SQLite's own (fcntl).
            if (!OperatingSystem.IsWindows()) _database = Lock(path);
            foreach (var suffix in (string[])["", ".lock", "-wal", "-shm"]) CloseToOthers(path + suffix);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw new StartupException(
                fault is IOException && LockedElsewhere.Contains(fault.HResult)
                    ? $"Gateway:Sqlite:Path: another process already uses {path}; stop it or choose another file."
                    : $"Gateway:Sqlite:Path: {path} cannot be opened for writing ({fault.Message})", fault);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Path { get; private set; }

    /// <summary>The locked file; null on Windows, where an open file can be neither removed nor replaced.</summary>
    public FileStream? Database => _database;

    public void Dispose()
    {
        // The database first: where both are gone, no second process has only one of them.
        _database?.Dispose();
        _lockFile?.Dispose();
    }

    private static FileStream Lock(string path)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0,
        };
        // SQLite creates its other files with the mode of the database.
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = Owner;
        return new FileStream(path, options);
    }

    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, Owner | UnixFileMode.UserExecute);
    }

    /// <summary>
    /// Files of version 1.0 have 0644. A mode that admits a group and no others stays: it was set by an operator, for backups.
    /// </summary>
    private static void CloseToOthers(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path) || (File.GetUnixFileMode(path) & Others) == 0) return;
        try
        {
            File.SetUnixFileMode(path, Owner);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Of another user, or on a file system without modes.
        }
    }

    /// <summary>SQLite would delete the log and begin an empty database.</summary>
    private void RejectLogWithoutDatabase()
    {
        var (database, log) = (new FileInfo(Path), new FileInfo(Path + "-wal"));
        if (database is { Exists: true, Length: > 0 } || log is not { Exists: true, Length: > 0 }) return;
        throw new StartupException(
            $"Gateway:Sqlite:Path: {Path} is {(database.Exists ? "empty" : "missing")}, but its write-ahead log is there: "
            + $"restore both from a backup. Without one, remove {log.Name} to begin an empty database.");
    }
}
