using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Tests.Contracts.RejectionRepository;

/// <summary>What every store of counts promises.</summary>
public abstract class RejectionRepositoryContract : IAsyncLifetime
{
    private static readonly DateTimeOffset Hour = new(2026, 3, 4, 5, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Oldest = Hour.AddHours(-23);

    private readonly StoreHarness _store;

    private protected RejectionRepositoryContract(StoreHarness store) => _store = store;

    public ValueTask InitializeAsync() => _store.OpenAsync();

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Counts_of_an_hour_a_source_and_a_reason_add_up()
    {
        await AddAsync(Count(Hour, "acme", "invalid_signature", 3), Count(Hour, "", "bad_request", 1));
        await AddAsync(
            Count(Hour, "acme", "invalid_signature", 4), Count(Hour, "acme", "too_large", 5),
            Count(Hour.AddHours(1), "acme", "invalid_signature", 6));

        (await AllAsync()).ShouldBe(
        [
            Count(Hour, "", "bad_request", 1), Count(Hour, "acme", "invalid_signature", 7), Count(Hour, "acme", "too_large", 5),
            Count(Hour.AddHours(1), "acme", "invalid_signature", 6),
        ]);
    }

    [Fact]
    public async Task Older_hours_are_not_listed_and_are_removed()
    {
        await _store.Rejections.AddAsync([Count(Oldest.AddHours(-1), "acme", "too_large", 1)], Oldest.AddHours(-1));
        await _store.Rejections.AddAsync([Count(Oldest, "acme", "too_large", 2)], Oldest.AddHours(-1));
        (await AllAsync()).ShouldBe([Count(Oldest, "acme", "too_large", 2)]);

        await AddAsync(Count(Hour, "acme", "too_large", 3));

        (await _store.Rejections.ListAsync(DateTimeOffset.UnixEpoch, CancellationToken.None)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task Concurrent_additions_are_all_counted()
    {
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AddAsync(Count(Hour, "acme", "too_large", 2))));

        (await AllAsync()).ShouldBe([Count(Hour, "acme", "too_large", 40)]);
    }

    [Fact]
    public async Task Counts_survive_a_restart()
    {
        await AddAsync(Count(Hour, "acme", "too_large", 1));

        await _store.ReopenAsync();

        (await AllAsync()).ShouldBe([Count(Hour, "acme", "too_large", 1)]);
    }

    private static RejectionCount Count(DateTimeOffset hour, string source, string reason, long count)
        => new(new RejectionHour(hour, source, reason), count);

    private Task AddAsync(params RejectionCount[] counts) => _store.Rejections.AddAsync(counts, Oldest);

    private async Task<IEnumerable<RejectionCount>> AllAsync()
        => (await _store.Rejections.ListAsync(Oldest, CancellationToken.None))
            .OrderBy(one => one.Hour.Start).ThenBy(one => one.Hour.Source, StringComparer.Ordinal).ThenBy(one => one.Hour.Reason);
}
