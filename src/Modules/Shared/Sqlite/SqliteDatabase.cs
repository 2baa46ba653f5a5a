using System.Collections.Concurrent;
using Gateway.Shared.Errors;
using Gateway.Shared.Time;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.Shared.Sqlite;

/// <summary>
/// Owns the file: a <see cref="SqliteWriter"/> executes all writes, so that they never wait for locks. Readers see WAL snapshots.
/// </summary>
public sealed class SqliteDatabase : IDisposable
{
    private const int MaxReaders = 16;

    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private readonly SemaphoreSlim _readerSlots = new(MaxReaders);
    private readonly SqliteFile _file;
    private readonly SqliteWriter _writer;
    private volatile bool _closed;
    private volatile bool _isWalLeft;

    public SqliteDatabase(IOptions<SqliteOptions> options, SqliteSchema schema, IHostEnvironment environment, TimeProvider time)
    {
        Clock = new SteadyTime(time);
        _file = new SqliteFile(Path.GetFullPath(options.Value.Path, environment.ContentRootPath));
        SqliteConnection? connection = null;
        try
        {
            connection = _file.Open(readOnly: false);
            _file.Apply(connection, schema);
            _writer = new SqliteWriter(new SqliteSession(connection), _file.Check);
        }
        catch (Exception fault)
        {
            // A failed script leaves its transaction open; closing the connection rolls it back.
            connection?.Dispose();
            _file.Dispose();
            if (fault is not SqliteException) throw;
            var wayOut = SqliteFault.IsDamage(fault) ? $": {SqliteFault.WayOut}" : "";
            throw new StartupException(
                $"Gateway:Sqlite:Path: {options.Value.Path} is not usable ({fault.Message}){wayOut}", fault);
        }
    }

    /// <summary>The clock of all adapters, so that one may compare the times that another has written.</summary>
    public TimeProvider Clock { get; }

    /// <summary>The last attempt to truncate the write-ahead log failed.</summary>
    public bool IsWalLeft => _isWalLeft;

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction and completes after the commit has reached the disk. If another write of the
    /// transaction fails, the work runs a second time after a rollback, so its effects outside the file must be repeatable.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> work) => _writer.WriteAsync(work);

    /// <summary>Runs <paramref name="query"/> on one snapshot, not on the writer thread.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> query, CancellationToken cancellationToken)
    {
        await _readerSlots.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Read(query), cancellationToken);
        }
        catch (SqliteException fault)
        {
            _file.Check.Note(fault);
            throw SqliteFault.From(fault);
        }
        finally
        {
            _readerSlots.Release();
        }
    }

    /// <summary>
    /// Truncates the write-ahead log if no reader or writer uses it for a second. Until then the log still has data that was
    /// overwritten in the file.
    /// </summary>
    public Task TruncateLogAsync() => Task.Run(() =>
    {
        try
        {
            _isWalLeft = true;
            if (_closed) throw SqliteFault.Closed();
            if (!_file.TruncateLog()) throw new BackendUnavailableException("sqlite", "the write-ahead log is in use");
            _isWalLeft = false;
        }
        catch (SqliteException fault)
        {
            throw SqliteFault.From(fault);
        }
    });

    public void Dispose()
    {
        if (_closed) return;
        _closed = true;
        CloseIdleReaders();
        if (_writer.Stop()) _file.Dispose();
    }

    private T Read<T>(Func<SqliteSession, T> query)
    {
        if (_closed) throw SqliteFault.Closed();
        _file.Check.ThrowIfLost();
        if (!_readers.TryTake(out var session)) session = new SqliteSession(_file.Open(readOnly: true));
        var succeeded = false;
        try
        {
            session.Execute("BEGIN");
            var answer = query(session);
            session.Execute("COMMIT");
            succeeded = true;
            return answer;
        }
        finally
        {
            if (succeeded) _readers.Add(session);
            else session.Dispose();
            if (_closed) CloseIdleReaders();
        }
    }

    // One by one: a session belongs either to a running read or to this loop.
    private void CloseIdleReaders()
    {
        while (_readers.TryTake(out var reader)) reader.Dispose();
    }
}
