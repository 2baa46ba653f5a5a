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
    public async Task A_mark_is_acceptance_and_body_hash_in_24_bytes()
    {
        _filter.Service.AddToCache(
            [("dhl.1", new CacheEntry(new Guid("0190a0b0-0102-7304-8506-0708090a0b0c"), 0x1122334455667788))]);

        var value = await Until.TrueAsync(() => _filter.GetAsync("dhl.1"), value => value.HasValue);

        Convert.ToHexStringLower((byte[])value!).ShouldBe("0190a0b0010273048506" + "0708090a0b0c" + "1122334455667788");
    }

    [Fact]
    public async Task A_key_lives_from_its_first_mark_on()
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
    public async Task A_failed_key_is_a_text_that_lives_as_long_as_a_mark()
    {
        await _filter.Service.MarkFailedAsync(["dhl.1"]);

        (await _filter.GetAsync("dhl.1")).ShouldBe((RedisValue)"failed");
        (await _filter.TimeToLiveAsync("dhl.1"))!.Value.ShouldBeInRange(TimeSpan.FromSeconds(500), TimeSpan.FromSeconds(1000));
    }

    [Fact]
    public async Task Marks_are_set_when_the_server_has_forgotten_its_scripts()
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
    public async Task A_value_that_is_no_mark_counts_as_unseen(string value)
    {
        await _filter.SetAsync("dhl.1", value);

        (await _filter.Service.FindCachedAsync(["dhl.1"])).ShouldBe([null]);
        _filter.Log.Ids.ShouldBeEmpty();
    }

    [Fact]
    public async Task More_marks_than_may_be_underway_are_dropped_and_the_next_ones_are_not()
    {
        var tooMany = Enumerable.Range(0, IdempotencyServiceRedis.MaxEntriesInFlight + 1).Select(
            i => ($"dhl.{i}", default(CacheEntry))).ToArray();

        _filter.Service.AddToCache(tooMany);
        _filter.Service.AddToCache([("next", default)]);

        await Until.TrueAsync(() => _filter.GetAsync("next"), value => value.HasValue);
        (await _filter.GetAsync("dhl.0")).HasValue.ShouldBeFalse();
    }
}
