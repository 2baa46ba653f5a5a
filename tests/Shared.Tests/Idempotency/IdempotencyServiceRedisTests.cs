using Gateway.Shared.Idempotency;
using Gateway.TestSupport;
using StackExchange.Redis;

namespace Gateway.Shared.Tests.Idempotency;

public sealed class IdempotencyServiceRedisTests : IdempotencyServiceContract
{
    private readonly RedisFilter _filter;

    public IdempotencyServiceRedisTests()
        : this(RedisFilter.Shared(ttlSeconds: 1000))
    {
    }

    private IdempotencyServiceRedisTests(RedisFilter filter)
        : base(filter) => _filter = filter;

    // How it is kept.

    [Fact]
    public async Task Entry_is_stored_as_acceptance_id_body_hash_and_version_in_25_bytes()
    {
        _filter.Service.AddToCache(
            [("dhl.1", new CacheEntry(new Guid("0190a0b0-0102-7304-8506-0708090a0b0c"), 0x1122334455667788))]);

        var value = await Until.TrueAsync(() => _filter.GetAsync("dhl.1"), value => value.HasValue);

        Convert.ToHexStringLower((byte[])value!).ShouldBe("0190a0b0010273048506" + "0708090a0b0c" + "1122334455667788" + "02");
    }

    [Fact]
    public async Task Time_to_live_starts_with_the_first_entry()
    {
        _filter.Service.AddToCache([("dhl.1", new CacheEntry(Guid.Empty, 1))]);
        await Until.TrueAsync(() => _filter.TimeToLiveAsync("dhl.1"), left => left is not null);
        var redis = await _filter.OperatorAsync();
        (await _filter.TimeToLiveAsync("dhl.1"))!.Value.ShouldBeInRange(TimeSpan.FromSeconds(500), TimeSpan.FromSeconds(1000));

        await redis.KeyExpireAsync(_filter.KeyOf("dhl.1"), TimeSpan.FromSeconds(100));
        _filter.Service.AddToCache([("dhl.1", new CacheEntry(Guid.Empty, 2)), ("dhl.2", default)]);
        await Until.TrueAsync(() => _filter.GetAsync("dhl.2"), value => value.HasValue);

        (await _filter.TimeToLiveAsync("dhl.1"))!.Value.ShouldBeLessThanOrEqualTo(TimeSpan.FromSeconds(100));
    }

    [Fact]
    public async Task Failed_key_is_stored_with_the_same_time_to_live()
    {
        await _filter.Service.MarkFailedAsync(["dhl.1"]);

        (await _filter.GetAsync("dhl.1")).ShouldBe((RedisValue)"failed");
        (await _filter.TimeToLiveAsync("dhl.1"))!.Value.ShouldBeInRange(TimeSpan.FromSeconds(500), TimeSpan.FromSeconds(1000));
    }

    [Fact]
    public async Task Entries_are_added_after_script_flush()
    {
        _filter.Service.AddToCache([("dhl.1", default)]);
        await Until.TrueAsync(() => _filter.GetAsync("dhl.1"), value => value.HasValue);

        await (await _filter.OperatorAsync()).ExecuteAsync("SCRIPT", "FLUSH");
        _filter.Service.AddToCache([("dhl.2", default)]);

        await Until.TrueAsync(() => _filter.GetAsync("dhl.2"), value => value.HasValue);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("processed")]
    [InlineData("0123456789012345678901234")]
    public async Task Unreadable_value_counts_as_unknown(string value)
    {
        await _filter.SetAsync("dhl.1", value);

        (await _filter.Service.FindCachedAsync(["dhl.1"])).ShouldBe([null]);
        _filter.Log.Ids.ShouldBeEmpty();
    }

    [Fact]
    public async Task Entries_beyond_the_in_flight_limit_are_dropped_and_later_ones_are_added()
    {
        var tooMany = Enumerable.Range(0, IdempotencyServiceRedis.MaxEntriesInFlight + 1).Select(
            i => ($"dhl.{i}", default(CacheEntry))).ToArray();

        _filter.Service.AddToCache(tooMany);
        _filter.Service.AddToCache([("next", default)]);

        await Until.TrueAsync(() => _filter.GetAsync("next"), value => value.HasValue);
        (await _filter.GetAsync("dhl.0")).HasValue.ShouldBeFalse();
    }
}
