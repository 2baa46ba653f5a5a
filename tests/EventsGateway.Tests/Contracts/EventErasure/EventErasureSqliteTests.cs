using System.Diagnostics;
using System.Text;
using Gateway.EventsGateway.Repositories;
using Gateway.Shared.Errors;
using Gateway.TestSupport;

namespace Gateway.EventsGateway.Tests.Contracts.EventErasure;

public sealed class EventErasureSqliteTests : EventErasureContract
{
    private readonly SqliteStore _store;

    public EventErasureSqliteTests()
        : this(new SqliteStore())
    {
    }

    private EventErasureSqliteTests(SqliteStore store)
        : base(store) => _store = store;

    [Fact]
    public async Task File_and_log_contain_no_byte_of_an_erased_event()
    {
        var fixture = new RemovalFixture(_store);
        for (var i = 0; i < 50; i++) await fixture.SettledAsync(AttemptOutcomeKind.Failed, "secret-shipment", "secret-merchant");
        Holds("secret-").ShouldBeTrue();

        await _store.Erasure.EraseAsync(new ErasureSubject("secret-shipment", null), 10_000);

        Holds("secret-").ShouldBeFalse();
    }

    [Fact]
    public async Task Log_that_a_reader_holds_is_emptied_by_the_next_purge()
    {
        var fixture = new RemovalFixture(_store);
        await fixture.SettledAsync(AttemptOutcomeKind.Failed, "secret-shipment", "secret-merchant");
        using var go = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = _store.Database.ReadAsync(
            read =>
            {
                read.Query("SELECT count(*) AS n FROM events", row => row.Number("n"));
                begun.SetResult();
                return go.Wait(Until.Timeout);
            },
            CancellationToken.None);
        await begun.Task;

        (await _store.Erasure.EraseAsync(new ErasureSubject("secret-shipment", null), 10_000)).Events.ShouldBe(1);

        _store.Database.IsWalLeft.ShouldBeTrue();
        await Should.ThrowAsync<BackendUnavailableException>(_store.Retention.PurgeOnceAsync(null));
        go.Set();
        await reading;
        await _store.Retention.PurgeOnceAsync(null);
        _store.Database.IsWalLeft.ShouldBeFalse();
        Holds("secret-").ShouldBeFalse();
    }

    /// <summary>By another program: the streams of .NET respect the lock on the file.</summary>
    private bool Holds(string text) => new[] { _store.FilePath, $"{_store.FilePath}-wal" }.Any(path =>
    {
        using var cat = Process.Start(
            new ProcessStartInfo("cat", path) { RedirectStandardOutput = true, StandardOutputEncoding = Encoding.Latin1 })!;
        return cat.StandardOutput.ReadToEnd().Contains(text, StringComparison.Ordinal);
    });
}
