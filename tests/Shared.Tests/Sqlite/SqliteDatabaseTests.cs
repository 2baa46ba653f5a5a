using Gateway.Shared.Errors;
using Microsoft.Data.Sqlite;

namespace Gateway.Shared.Tests.Sqlite;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly DatabaseFolder _folder = new();

    [Fact]
    public async Task Committed_write_survives_reopening()
    {
        using (var database = _folder.Open()) await database.AddAsync(1);

        using var again = _folder.Open();
        (await again.IdsAsync()).ShouldBe([1L]);
    }

    [Fact]
    public async Task Every_commit_is_flushed_to_disk()
    {
        using var database = _folder.Open();

        var settings = await database.WriteAsync(session => (
            session.Query("PRAGMA synchronous", row => row.Number("synchronous")).Single(),
            session.Query("PRAGMA journal_mode", row => row.Text("journal_mode")).Single()));

        settings.ShouldBe((2L, "wal"));
    }

    [Fact]
    public async Task Concurrent_writes_are_all_stored()
    {
        using var database = _folder.Open();

        var ids = await Task.WhenAll(Enumerable.Range(1, 1_200).AsParallel().Select(database.AddAsync));

        ids.Order().ShouldBe(Enumerable.Range(1, 1_200));
        (await database.IdsAsync()).Count.ShouldBe(1_200);
    }

    [Fact]
    public async Task Failing_write_rolls_back_only_its_own_changes()
    {
        using var database = _folder.Open();
        using var go = new ManualResetEventSlim();
        await database.HoldWriterAsync(go);

        var before = database.AddAsync(1);
        var failing = database.WriteAsync<int>(session =>
        {
            session.Add(2);
            throw new FormatException("not that one");
        });
        var after = database.AddAsync(3);
        go.Set();

        (await Should.ThrowAsync<FormatException>(failing)).Message.ShouldBe("not that one");
        await Task.WhenAll(before, after);
        (await database.IdsAsync()).ShouldBe([1L, 3L]);
    }

    [Fact]
    public async Task Rejected_row_fails_only_its_write()
    {
        using var database = _folder.Open();
        using var go = new ManualResetEventSlim();
        await database.HoldWriterAsync(go);

        var first = database.AddAsync(1);
        var duplicate = database.AddAsync(1);
        go.Set();

        await first;
        (await Should.ThrowAsync<SqliteException>(duplicate)).SqliteErrorCode.ShouldBe(19);
        (await database.IdsAsync()).ShouldBe([1L]);
    }

    [Fact]
    public async Task Lost_transaction_fails_all_its_writes()
    {
        using var database = _folder.Open();
        using var go = new ManualResetEventSlim();
        var held = await database.HoldWriterAsync(go);

        var before = database.AddAsync(1);
        var losing = database.WriteAsync(session => session.Execute("ROLLBACK"));
        var after = database.AddAsync(3);
        go.Set();

        // The held write has its own transaction; the next three share one.
        (await held).ShouldBeTrue();
        await Should.ThrowAsync<BackendUnavailableException>(before);
        await Should.ThrowAsync<BackendUnavailableException>(losing);
        await Should.ThrowAsync<BackendUnavailableException>(after);
        await database.AddAsync(4);
        (await database.IdsAsync()).ShouldBe([4L]);
    }

    [Fact]
    public async Task Read_does_not_wait_for_the_writer_and_sees_committed_rows_only()
    {
        using var database = _folder.Open();
        await database.AddAsync(1);
        using var go = new ManualResetEventSlim();
        var begun = new TaskCompletionSource();
        var writing = database.WriteAsync(session =>
        {
            session.Add(2);
            begun.SetResult();
            return go.Wait(Gateway.TestSupport.SteppedTime.Timeout);
        });
        await begun.Task;

        (await database.IdsAsync()).ShouldBe([1L]);
        go.Set();
        (await writing).ShouldBeTrue();
        (await database.IdsAsync()).ShouldBe([1L, 2L]);
    }

    [Fact]
    public async Task Read_cannot_write()
    {
        using var database = _folder.Open();

        await Should.ThrowAsync<BackendUnavailableException>(database.ReadAsync(
            session => session.Execute("DELETE FROM events"), CancellationToken.None));
    }

    [Fact]
    public async Task Dispose_answers_waiting_writes_and_rejects_later_ones()
    {
        var database = _folder.Open();
        await database.IdsAsync();
        using var go = new ManualResetEventSlim();
        await database.HoldWriterAsync(go);
        var waiting = database.AddAsync(1);

        var closing = Task.Run(database.Dispose);
        go.Set();
        await closing;

        (await waiting).ShouldBe(1);
        await Should.ThrowAsync<BackendUnavailableException>(database.AddAsync(2));
        await Should.ThrowAsync<BackendUnavailableException>(database.IdsAsync());
    }

    public void Dispose() => _folder.Dispose();
}
