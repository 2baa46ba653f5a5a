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
    public async Task What_was_never_marked_is_not_known()
        => (await Service.FindCachedAsync(["dhl.1", "dhl.2"])).ShouldBe([null, null]);

    [Fact]
    public async Task What_was_marked_is_known_with_its_mark_and_answers_keep_the_order()
    {
        var (first, third) = (Mark(1), Mark(ulong.MaxValue));
        Service.AddToCache([("first", first), ("third", third)]);
        await KnownAsync("third");

        (await Service.FindCachedAsync(["third", "second", "first", "third"])).ShouldBe([third, null, first, third]);
    }

    [Fact]
    public async Task The_first_mark_of_a_key_stays()
    {
        var first = Mark(1);
        Service.AddToCache([("dhl.1", first)]);
        await KnownAsync("dhl.1");

        Service.AddToCache([("dhl.1", Mark(2)), ("dhl.2", Mark(3))]);
        await KnownAsync("dhl.2");

        (await Service.FindCachedAsync(["dhl.1"])).ShouldBe([first]);
    }

    [Fact]
    public async Task B4_a_key_that_failed_counts_as_unseen_marked_before_or_after()
    {
        Service.AddToCache([("before", Mark(1))]);
        await KnownAsync("before");

        await Service.MarkFailedAsync(["before", "after"]);
        Service.AddToCache([("after", Mark(2)), ("other", Mark(3))]);
        await KnownAsync("other");

        (await Service.FindCachedAsync(["before", "after"])).ShouldBe([null, null]);
    }

    [Fact]
    public async Task A_group_of_600_is_marked_and_found()
    {
        var marks = Enumerable.Range(0, 600).Select(i => ($"dhl.evt-{i}", Mark((ulong)i))).ToArray();

        Service.AddToCache(marks);
        await KnownAsync("dhl.evt-599");

        (await Service.FindCachedAsync([.. marks.Select(mark => mark.Item1)]))
            .ShouldBe(marks.Select(mark => (CacheEntry?)mark.Item2));
    }

    [Theory]
    [MemberData(nameof(HostileKeys))]
    public async Task B2_any_text_is_a_key(string key)
    {
        var mark = Mark(7);
        Service.AddToCache([(key, mark)]);
        await KnownAsync(key);

        (await Service.FindCachedAsync([key, key + "x"])).ShouldBe([mark, null]);
        await Service.MarkFailedAsync([key]);
        (await Service.FindCachedAsync([key])).ShouldBe([null]);
    }

    [Fact]
    public async Task All_keys_are_forgotten_and_counted_and_those_of_others_stay()
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
    public async Task A_filter_that_is_well_can_be_asked_and_is_left_as_it_was()
    {
        await Service.ProbeAsync();

        (await Service.ClearAsync(CancellationToken.None)).ShouldBe(0);
    }

    [Fact]
    public async Task Nothing_is_asked_for_an_empty_group()
    {
        (await Service.FindCachedAsync([])).ShouldBeEmpty();
        Service.AddToCache([]);
        await Service.MarkFailedAsync([]);
    }

    [Fact]
    public async Task When_it_is_gone_nothing_is_known_and_who_needs_it_is_told()
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
