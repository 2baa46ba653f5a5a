using System.Text;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts;

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
    public async Task The_bytes_of_the_file_and_its_log_do_not_name_what_was_erased()
    {
        var bench = new RemovalBench(_store);
        for (var i = 0; i < 50; i++) await bench.SettledAsync(AttemptEnd.Failed, "secret-shipment", "secret-merchant");
        Holds("secret-").ShouldBeTrue();

        await _store.Erasure.EraseAsync(new ErasureSubject("secret-shipment", null), 10_000);

        Holds("secret-").ShouldBeFalse();
    }

    private bool Holds(string text) => new[] { _store.FilePath, $"{_store.FilePath}-wal" }.Any(path =>
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file, Encoding.Latin1);
        return reader.ReadToEnd().Contains(text, StringComparison.Ordinal);
    });
}
