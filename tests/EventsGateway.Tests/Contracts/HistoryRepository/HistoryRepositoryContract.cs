using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.HistoryRepository;

/// <summary>What every store of points promises.</summary>
public abstract class HistoryRepositoryContract : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 4, 5, 0, 0, TimeSpan.Zero);
    private static readonly Guid One = Guid.NewGuid(), Other = Guid.NewGuid();

    private readonly StoreHarness _store;

    private protected HistoryRepositoryContract(StoreHarness store) => _store = store;

    public ValueTask InitializeAsync() => _store.OpenAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Rows_of_a_step_and_a_range_are_listed_as_they_were_saved()
    {
        var row = Row(10, Start, One, 1, 2, 3);
        await _store.History.SaveAsync(
            [row, Row(300, Start, One, 4), Row(10, Start.AddSeconds(-1), One, 5), Row(10, Start.AddMinutes(5), One, 6)]);

        var found = (await _store.History.ListAsync(10, Start, Start.AddMinutes(5), CancellationToken.None))
            .ShouldHaveSingleItem();

        (found.Key, found.Process, found.Host).ShouldBe((row.Key, row.Process, row.Host));
        found.Data.ShouldBe(row.Data);
    }

    [Fact]
    public async Task Row_that_is_saved_again_replaces_itself_and_no_row_of_another_writer()
    {
        await _store.History.SaveAsync([Row(10, Start, One, 1), Row(10, Start, Other, 2)]);
        await _store.History.SaveAsync([Row(10, Start, One, 3, 4)]);

        (await AllAsync(10)).Select(row => (row.Key.Writer, Text(row))).ShouldBe([(One, "34"), (Other, "2")], ignoreOrder: true);
        (await _store.History.ListSizesAsync(10)).ShouldBe([new(Start, 2), new(Start, 1)], ignoreOrder: true);
    }

    [Fact]
    public async Task Concurrent_saves_of_the_same_rows_succeed()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _store.History.SaveAsync([Row(10, Start, One, 1)])));

        (await AllAsync(10)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Rows_before_the_first_and_after_the_last_start_of_a_step_are_removed()
    {
        await _store.History.SaveAsync(
        [
            .. Enumerable.Range(-2, 5).Select(at => Row(10, Start.AddMinutes(5 * at), One, (byte)(at + 3))),
            Row(300, Start.AddDays(-1), One, 9),
        ]);

        await _store.History.RemoveOutsideAsync(10, Start.AddMinutes(-5), Start.AddMinutes(5));

        (await AllAsync(10)).Select(Text).Order().ShouldBe(["2", "3", "4"]);
        (await AllAsync(300)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Rows_survive_a_restart()
    {
        await _store.History.SaveAsync([Row(10, Start, One, 7)]);

        await _store.ReopenAsync();

        (await AllAsync(10)).Select(Text).ShouldBe(["7"]);
    }

    private static string Text(HistoryRow row) => string.Concat(row.Data);

    private static HistoryRow Row(int step, DateTimeOffset start, Guid writer, params byte[] data)
        => new(new HistoryKey(step, start, writer), "process", "host", data);

    private Task<IReadOnlyList<HistoryRow>> AllAsync(int step)
        => _store.History.ListAsync(step, Start.AddYears(-1), Start.AddYears(1), CancellationToken.None);
}
