using System.Collections.Concurrent;
using Gateway.Shared.Errors;
using Gateway.Shared.Time;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.Shared.Sqlite;

/// <summary>
/// Owns the file. One thread executes all writes and commits all waiting writes in one transaction: one fsync for all of them,
/// and writers never wait for locks. Readers see WAL snapshots.
/// </summary>
public sealed class SqliteDatabase : IDisposable
{
    private const int MaxWritesPerTransaction = 512;
    private const int MaxReaders = 16;

    // Errors of one row (SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH): the write is wrong, the database works.
    private static readonly int[] RowFaults = [18, 19, 20];
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    private readonly BlockingCollection<SqliteWrite> _writes = [];
    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private readonly SemaphoreSlim _readerSlots = new(MaxReaders);
    private readonly SqliteFile _file;
    private readonly SqliteSession _session;
    private readonly Thread _writer;
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
            _session = new SqliteSession(connection);
        }
        catch (Exception fault)
        {
            // A failed script leaves its transaction open; closing the connection rolls it back.
            connection?.Dispose();
            _file.Dispose();
            if (fault is not SqliteException) throw;
            throw new StartupException($"Gateway:Sqlite:Path: {options.Value.Path} is not usable ({fault.Message})", fault);
        }

        _writer = new Thread(WriteLoop) { Name = "sqlite-writer", IsBackground = true };
        _writer.Start();
    }

    /// <summary>The clock of all adapters, so that one may compare the times that another has written.</summary>
    public TimeProvider Clock { get; }

    /// <summary>The last attempt to truncate the write-ahead log failed.</summary>
    public bool IsWalLeft => _isWalLeft;

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction and completes after the commit has reached the disk. If another write of the
    /// transaction fails, the work runs a second time after a rollback, so its effects outside the file must be repeatable.
    /// </summary>
    public Task<T> WriteAsync<T>(Func<SqliteSession, T> work)
    {
        var write = new SqliteWrite<T>(work);
        try
        {
            _writes.Add(write);
        }
        catch (InvalidOperationException closed)
        {
            return Task.FromException<T>(Closed(closed));
        }

        return write.Task;
    }

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
            throw AsBackendFault(fault);
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
            if (_closed) throw Closed();
            if (!_file.TruncateLog()) throw new BackendUnavailableException("sqlite", "the write-ahead log is in use");
            _isWalLeft = false;
        }
        catch (SqliteException fault)
        {
            throw AsBackendFault(fault);
        }
    });

    public void Dispose()
    {
        if (_closed) return;
        _writes.CompleteAdding();
        _closed = true;
        CloseIdleReaders();
        // A disk that hangs must not delay the shutdown; writes that are not committed were not confirmed.
        if (!_writer.Join(StopGrace)) return;
        _session.Dispose();
        _file.Dispose();
        _writes.Dispose();
    }

    private static BackendUnavailableException Closed(Exception? inner = null) => new("sqlite", "the file is closed", inner);

    private static BackendUnavailableException AsBackendFault(Exception fault) => new("sqlite", fault.Message, fault);

    private T Read<T>(Func<SqliteSession, T> query)
    {
        if (_closed) throw Closed();
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

    private void WriteLoop()
    {
        var batch = new List<SqliteWrite>();
        foreach (var first in _writes.GetConsumingEnumerable())
        {
            batch.Add(first);
            while (batch.Count < MaxWritesPerTransaction && _writes.TryTake(out var next)) batch.Add(next);
            Commit(batch);
            foreach (var write in batch) write.Answer();
            batch.Clear();
        }
    }

    private void Commit(List<SqliteWrite> batch)
    {
        try
        {
            _session.Execute("BEGIN IMMEDIATE");
            if (!DoTogether(batch)) DoOneByOne(batch);
            _session.Execute("COMMIT");
        }
        catch (Exception fault)
        {
            // The whole batch is not durable, so every write of it fails.
            foreach (var write in batch) write.Fail(AsBackendFault(fault));
            RollBack();
        }
    }

    /// <summary>
    /// Without savepoints, which copy every changed page: 512 inserts took 160 µs each with a savepoint and 30 µs without.
    /// </summary>
    private bool DoTogether(List<SqliteWrite> batch)
    {
        try
        {
            foreach (var write in batch)
            {
                write.Do(_session);
                // The transaction was ended by the write or by SQLite: each further statement would commit separately.
                if (!_session.IsInTransaction) return false;
            }

            return true;
        }
        catch (Exception)
        {
            // Executed one by one, only the failing write fails.
            return false;
        }
    }

    private void DoOneByOne(List<SqliteWrite> batch)
    {
        RollBack();
        _session.Execute("BEGIN IMMEDIATE");
        foreach (var write in batch) DoIsolated(write);
    }

    /// <summary>A failing write rolls back only its own changes.</summary>
    private void DoIsolated(SqliteWrite write)
    {
        _session.Execute("SAVEPOINT write");
        try
        {
            write.Do(_session);
        }
        catch (Exception fault)
        {
            var isBackendFault = fault is SqliteException sqlite && !RowFaults.Contains(sqlite.SqliteErrorCode);
            write.Fail(isBackendFault ? AsBackendFault(fault) : fault);
            _session.Execute("ROLLBACK TO write");
        }

        _session.Execute("RELEASE write");
    }

    private void RollBack()
    {
        try
        {
            _session.Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // A full disk or an I/O error has already rolled back the transaction.
        }
    }
}
