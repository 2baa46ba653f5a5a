using System.Buffers.Binary;
using Gateway.Shared.Errors;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Shared.Sqlite;

/// <summary>
/// Whether commits still reach the files that the next start will open. SQLite writes on without an error into files that were
/// removed, and from its cache into a file that was cut or overwritten: 725 events were answered 202 and were gone after a
/// restart. What was found stays so until the process ends, because nothing can be said about the file any more.
/// </summary>
internal sealed class SqliteFileCheck(SqliteOwnership owned) : IDisposable
{
    private readonly string? _databaseName = owned.Database is { } file ? NameOf(file.SafeFileHandle) : null;
    private SafeFileHandle? _log;
    private string? _logName;
    private long _length;
    private volatile string? _fault;

    /// <summary>Throws after the first finding.</summary>
    public void ThrowIfLost()
    {
        if (_fault is { } fault) throw new BackendUnavailableException("sqlite", fault);
    }

    /// <summary>Looks at the files, in 11-29 µs. For the writer's thread, after a commit.</summary>
    public void Verify()
    {
        if (_fault is null && owned.Database is { } database) _fault = FaultOf(database);
        ThrowIfLost();
    }

    /// <summary>Remembers an error that says that the file is damaged.</summary>
    public void Note(Exception fault)
    {
        if (SqliteFault.IsDamage(fault)) _fault ??= $"the database file is damaged ({fault.Message}): {SqliteFault.WayOut}";
    }

    public void Dispose() => _log?.Dispose();

    private string? FaultOf(FileStream database)
    {
        try
        {
            // It exists since the first commit. No lock of SQLite is on it, so closing the handle releases none.
            _log ??= File.OpenHandle(owned.Path + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            _logName ??= NameOf(_log);
            if (NameOf(database.SafeFileHandle) != _databaseName || NameOf(_log) != _logName)
                return $"the database file or its log was removed, moved or replaced: {SqliteFault.WayOut}";

            var length = RandomAccess.GetLength(database.SafeFileHandle);
            if (!IsDatabase(database.SafeFileHandle, length) || !IsLog(_log))
                return $"the database file or its log was cut or overwritten: {SqliteFault.WayOut}";
            _length = length;
            return null;
        }
        catch (IOException fault)
        {
            return $"the database file cannot be checked ({fault.Message}): {SqliteFault.WayOut}";
        }
    }

    /// <summary>The name of an open file; that of a removed one ends with "(deleted)". Known on Linux alone.</summary>
    private static string? NameOf(SafeFileHandle file) => !OperatingSystem.IsLinux() ? null
        : File.ResolveLinkTarget($"/proc/self/fd/{file.DangerousGetHandle()}", returnFinalTarget: false)?.FullName;

    private bool IsDatabase(SafeFileHandle file, long length)
    {
        Span<byte> header = stackalloc byte[32];
        if (RandomAccess.Read(file, header, 0) != header.Length || !header.StartsWith("SQLite format 3\0"u8)) return false;
        // VACUUM of an operator makes it smaller; then its header has fewer pages too. A page size of 1 is 65,536 bytes.
        var page = BinaryPrimitives.ReadUInt16BigEndian(header[16..]) is var size && size == 1 ? 65_536 : size;
        return length >= _length || length >= BinaryPrimitives.ReadUInt32BigEndian(header[28..]) * (long)page;
    }

    /// <summary>Or empty: read at once, because an erasure may empty it at any moment.</summary>
    private static bool IsLog(SafeFileHandle file)
    {
        Span<byte> header = stackalloc byte[4];
        var read = RandomAccess.Read(file, header, 0);
        // The last bit is the byte order of the checksums.
        return read == 0 || (read == header.Length && (BinaryPrimitives.ReadUInt32BigEndian(header) | 1) == 0x377f0683);
    }
}
