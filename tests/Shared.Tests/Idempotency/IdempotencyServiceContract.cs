using Gateway.Shared.Errors;
using Gateway.Shared.Idempotency;
using Gateway.TestSupport;

namespace Gateway.Shared.Tests.Idempotency;

/// <summary>What the door and the worker are promised by every filter of repeats, while it is there and when it is not.</summary>
public abstract class IdempotencyServiceContract : IAsyncLifetime
{
    private readonly IdempotencyHarness _filter;

    private protected IdempotencyServiceContract(IdempotencyHarness filter) => _filter = filter;

    /// <summary>Texts that break what builds commands or patterns from them.</summary>
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
        var (first, third) = (Mark(1), Mark(ulong.MaxValue));
        Service.AddToCache([("first", first), ("third", third)]);
        await KnownAsync("third");

        (await Service.FindCachedAsync(["third", "second", "first", "third"])).ShouldBe([third, null, first, third]);
    }

    [Fact]
    public async Task First_entry_of_a_key_stays()
    {
        var first = Mark(1);
        Service.AddToCache([("dhl.1", first)]);
        await KnownAsync("dhl.1");

        Service.AddToCache([("dhl.1", Mark(2)), ("dhl.2", Mark(3))]);
        await KnownAsync("dhl.2");

        (await Service.FindCachedAsync(["dhl.1"])).ShouldBe([first]);
    }

    [Fact]
    [Trait("Defect", "B4")]
    public async Task Failed_key_is_unknown_with_an_entry_before_or_after()
    {
        Service.AddToCache([("before", Mark(1))]);
        await KnownAsync("before");

        await Service.MarkFailedAsync(["before", "after"]);
        Service.AddToCache([("after", Mark(2)), ("other", Mark(3))]);
        await KnownAsync("other");

        (await Service.FindCachedAsync(["before", "after"])).ShouldBe([null, null]);
    }

    [Fact]
    public async Task Group_of_600_is_added_and_found()
    {
        var marks = Enumerable.Range(0, 600).Select(i => ($"dhl.evt-{i}", Mark((ulong)i))).ToArray();

        Service.AddToCache(marks);
        await KnownAsync("dhl.evt-599");

        (await Service.FindCachedAsync([.. marks.Select(mark => mark.Item1)]))
            .ShouldBe(marks.Select(mark => (CacheEntry?)mark.Item2));
    }

    [Theory]
    [MemberData(nameof(HostileKeys))]
    [Trait("Defect", "B2")]
    public async Task Any_text_is_a_valid_key(string key)
    {
        var mark = Mark(7);
        Service.AddToCache([(key, mark)]);
        await KnownAsync(key);

        (await Service.FindCachedAsync([key, key + "x"])).ShouldBe([mark, null]);
        await Service.MarkFailedAsync([key]);
        (await Service.FindCachedAsync([key])).ShouldBe([null]);
    }

    [Fact]
    public async Task Clear_removes_and_counts_own_keys_and_keeps_those_of_others()
    {
        await using var other = await _filter.NeighbourAsync();
        var marks = Enumerable.Range(0, 2500).Select(i => ($"dhl.evt-{i}", Mark((ulong)i))).ToArray();
        Service.AddToCache(marks);
        other.Service.AddToCache([("dhl.evt-1", Mark(1))]);
        await KnownAsync("dhl.evt-2499");
        await KnownAsync("dhl.evt-1", other.Service);
        await Service.MarkFailedAsync(["dhl.failed"]);

        (await Service.ClearAsync(CancellationToken.None)).ShouldBe(2501);

        (await Service.FindCachedAsync([.. marks.Select(mark => mark.Item1)])).ShouldAllBe(mark => mark == null);
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
        Service.AddToCache([("dhl.1", Mark(1))]);
        await KnownAsync("dhl.1");

        await _filter.BreakAsync();

        (await Service.FindCachedAsync(["dhl.1", "dhl.2"])).ShouldBe([null, null]);
        Service.AddToCache([("dhl.2", Mark(2))]);
        await Should.ThrowAsync<BackendUnavailableException>(() => Service.MarkFailedAsync(["dhl.1"]));
        await Should.ThrowAsync<BackendUnavailableException>(() => Service.ClearAsync(CancellationToken.None));
        await Should.ThrowAsync<BackendUnavailableException>(Service.ProbeAsync);
    }

    private static CacheEntry Mark(ulong bodyHash) => new(Guid.CreateVersion7(), bodyHash);

    /// <summary>Nobody waits for a mark, so a test has to.</summary>
    private Task<CacheEntry?> KnownAsync(string key, IIdempotencyService? service = null)
        => Until.TrueAsync(async () => (await (service ?? Service).FindCachedAsync([key]))[0], mark => mark is not null);
}
