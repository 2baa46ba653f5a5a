using System.Collections.Concurrent;
using Gateway.Shared.Errors;
using Gateway.Shared.Time;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Gateway.Shared.Sqlite;

/// <summary>
/// The one owner of the file. All writes go through one thread that takes whatever waits into one transaction:
/// one fsync for all of them, and no two writers ever wait for each other's locks. Readers see WAL snapshots.
/// </summary>
public sealed class SqliteDatabase : IDisposable
{
    private const int MaxWritesPerTransaction = 512;
    private const int MaxReaders = 16;

    // Row-level mistakes (SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH): the engine is well, this write is not.
    private static readonly int[] RowFaults = [18, 19, 20];
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);

    private readonly BlockingCollection<SqliteWrite> _writes = [];
    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private readonly SemaphoreSlim _readerSlots = new(MaxReaders);
    private readonly SqliteFile _file;
    private readonly SqliteSession _session;
    private readonly Thread _writer;
    private volatile bool _closed;
    private volatile bool _isLogLeft;

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
            // A script that broke has left its transaction open; the connection takes it along.
            connection?.Dispose();
            _file.Dispose();
            if (fault is not SqliteException) throw;
            throw new StartupException($"Gateway:Sqlite:Path: {options.Value.Path} is not usable ({fault.Message})", fault);
        }

        _writer = new Thread(WriteLoop) { Name = "sqlite-writer", IsBackground = true };
        _writer.Start();
    }

    /// <summary>The one clock of what is written here: what one adapter has stamped, another one may compare.</summary>
    public TimeProvider Clock { get; }

    /// <summary>The log could not be emptied when that was asked for last.</summary>
    public bool IsLogLeft => _isLogLeft;

    /// <summary>
    /// Runs <paramref name="work"/> in a transaction; completes after the commit has reached the disk. It is run a second
    /// time, after a rollback, when a write beside it has failed: what it changes outside the file must bear that.
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

    /// <summary>Runs <paramref name="query"/> on one snapshot, off the writer.</summary>
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
    /// Empties the log into the file, if the readers and writers of this second allow it: what was overwritten in the file
    /// stands in the log until then.
    /// </summary>
    public Task TruncateLogAsync() => Task.Run(() =>
    {
        try
        {
            _isLogLeft = true;
            if (_closed) throw Closed();
            if (!_file.TruncateLog()) throw new BackendUnavailableException("sqlite", "the log is in use");
            _isLogLeft = false;
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
        // A disk that hangs must not hold the process: what it has not taken was promised to nobody.
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
        var isSound = false;
        try
        {
            session.Execute("BEGIN");
            var answer = query(session);
            session.Execute("COMMIT");
            isSound = true;
            return answer;
        }
        finally
        {
            if (isSound) _readers.Add(session);
            else session.Dispose();
            if (_closed) CloseIdleReaders();
        }
    }

    // Taken one by one: a session belongs either to a read that runs or to the one who closes it.
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
            // Nothing of the batch is durable, so nobody may believe that his part is.
            foreach (var write in batch) write.Fail(AsBackendFault(fault));
            RollBack();
        }
    }

    /// <summary>
    /// Without savepoints, which keep a copy of every page that is touched: 512 inserts inside of one took 160 µs each,
    /// without it 30.
    /// </summary>
    private bool DoTogether(List<SqliteWrite> batch)
    {
        try
        {
            foreach (var write in batch)
            {
                write.Do(_session);
                // Ended by the write itself, or by the engine: what follows would commit on its own.
                if (!_session.IsInTransaction) return false;
            }

            return true;
        }
        catch (Exception)
        {
            // Who is to blame shows when they are done one by one.
            return false;
        }
    }

    private void DoOneByOne(List<SqliteWrite> batch)
    {
        RollBack();
        _session.Execute("BEGIN IMMEDIATE");
        foreach (var write in batch) DoAlone(write);
    }

    /// <summary>A write that fails takes only its own changes with it.</summary>
    private void DoAlone(SqliteWrite write)
    {
        _session.Execute("SAVEPOINT write");
        try
        {
            write.Do(_session);
        }
        catch (Exception fault)
        {
            write.Fail(fault is SqliteException backend && !RowFaults.Contains(backend.SqliteErrorCode) ? AsBackendFault(fault) : fault);
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
            // A full disk or an I/O error has already rolled the transaction back: then there is none to end.
        }
    }
}
