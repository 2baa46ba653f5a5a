using Gateway.Shared.Errors;
using Gateway.Shared.Idempotency;
using Gateway.TestSupport;

namespace Gateway.Shared.Tests.Idempotency;

/// <summary>The guarantees of every deduplication cache, available or not.</summary>
public abstract class IdempotencyServiceContract : IAsyncLifetime
{
    private readonly IdempotencyHarness _filter;

    private protected IdempotencyServiceContract(IdempotencyHarness filter) => _filter = filter;

    /// <summary>Texts that break careless commands or patterns.</summary>
    public static TheoryData<string> HostileKeys { get; } = new(
        "dhl.1", "a b", "a\r\nFLUSHALL\r\n", "\"$ne\"", "{a}.{b}", "*", "?[a-z]\\*", "🚚.☃", "\0", new string(
            'k', 3000), "..", "failed");

    private IIdempotencyService Service => _filter.Service;

    public ValueTask InitializeAsync() => _filter.OpenAsync();

    public ValueTask DisposeAsync() => _filter.DisposeAsync();

    [Fact]
    public async Task Key_without_an_entry_is_unknown()
        => (await Service.FindCachedAsync(["dhl.1", "dhl.2"])).ShouldBe([null, null]);

    [Fact]
    public async Task Added_entries_are_found_in_the_order_of_the_keys()
    {
        var (first, third) = (Entry(1), Entry(ulong.MaxValue));
        Service.AddToCache([("first", first), ("third", third)]);
        await KnownAsync("third");

        (await Service.FindCachedAsync(["third", "second", "first", "third"])).ShouldBe([third, null, first, third]);
    }

    [Fact]
    public async Task First_entry_of_a_key_stays()
    {
        var first = Entry(1);
        Service.AddToCache([("dhl.1", first)]);
        await KnownAsync("dhl.1");

        Service.AddToCache([("dhl.1", Entry(2)), ("dhl.2", Entry(3))]);
        await KnownAsync("dhl.2");

        (await Service.FindCachedAsync(["dhl.1"])).ShouldBe([first]);
    }

    [Fact]
    [Trait("Defect", "B4")]
    public async Task Failed_key_is_unknown_with_an_entry_before_or_after()
    {
        Service.AddToCache([("before", Entry(1))]);
        await KnownAsync("before");

        await Service.MarkFailedAsync(["before", "after"]);
        Service.AddToCache([("after", Entry(2)), ("other", Entry(3))]);
        await KnownAsync("other");

        (await Service.FindCachedAsync(["before", "after"])).ShouldBe([null, null]);
    }

    [Fact]
    public async Task Group_of_600_is_added_and_found()
    {
        var entries = Enumerable.Range(0, 600).Select(i => ($"dhl.evt-{i}", Entry((ulong)i))).ToArray();

        Service.AddToCache(entries);
        await KnownAsync("dhl.evt-599");

        (await Service.FindCachedAsync([.. entries.Select(entry => entry.Item1)]))
            .ShouldBe(entries.Select(entry => (CacheEntry?)entry.Item2));
    }

    [Theory]
    [MemberData(nameof(HostileKeys))]
    [Trait("Defect", "B2")]
    public async Task Any_text_is_a_valid_key(string key)
    {
        var entry = Entry(7);
        Service.AddToCache([(key, entry)]);
        await KnownAsync(key);

        (await Service.FindCachedAsync([key, key + "x"])).ShouldBe([entry, null]);
        await Service.MarkFailedAsync([key]);
        (await Service.FindCachedAsync([key])).ShouldBe([null]);
    }

    [Fact]
    public async Task Clear_removes_and_counts_own_keys_and_keeps_those_of_others()
    {
        await using var other = await _filter.NeighbourAsync();
        var entries = Enumerable.Range(0, 2500).Select(i => ($"dhl.evt-{i}", Entry((ulong)i))).ToArray();
        Service.AddToCache(entries);
        other.Service.AddToCache([("dhl.evt-1", Entry(1))]);
        await KnownAsync("dhl.evt-2499");
        await KnownAsync("dhl.evt-1", other.Service);
        await Service.MarkFailedAsync(["dhl.failed"]);

        (await Service.ClearAsync(CancellationToken.None)).ShouldBe(2501);

        (await Service.FindCachedAsync([.. entries.Select(entry => entry.Item1)])).ShouldAllBe(entry => entry == null);
        (await other.Service.FindCachedAsync(["dhl.evt-1"])).Single().ShouldNotBeNull();
        (await Service.ClearAsync(CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task Probe_of_a_working_cache_succeeds_and_changes_nothing()
    {
        await Service.ProbeAsync();

        (await Service.ClearAsync(CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task Empty_group_sends_no_command()
    {
        (await Service.FindCachedAsync([])).ShouldBeEmpty();
        Service.AddToCache([]);
        await Service.MarkFailedAsync([]);
    }

    [Fact]
    public async Task Unavailable_cache_knows_no_key_and_writes_throw()
    {
        Service.AddToCache([("dhl.1", Entry(1))]);
        await KnownAsync("dhl.1");

        await _filter.BreakAsync();

        (await Service.FindCachedAsync(["dhl.1", "dhl.2"])).ShouldBe([null, null]);
        Service.AddToCache([("dhl.2", Entry(2))]);
        await Should.ThrowAsync<BackendUnavailableException>(() => Service.MarkFailedAsync(["dhl.1"]));
        await Should.ThrowAsync<BackendUnavailableException>(() => Service.ClearAsync(CancellationToken.None));
        await Should.ThrowAsync<BackendUnavailableException>(Service.ProbeAsync);
    }

    private static CacheEntry Entry(ulong bodyHash) => new(Guid.CreateVersion7(), bodyHash);

    /// <summary>Entries are added in the background, so a test must wait for them.</summary>
    private Task<CacheEntry?> KnownAsync(string key, IIdempotencyService? service = null)
        => Until.TrueAsync(async () => (await (service ?? Service).FindCachedAsync([key]))[0], entry => entry is not null);
}
