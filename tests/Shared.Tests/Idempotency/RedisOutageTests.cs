using Gateway.Shared.Errors;
using Gateway.Shared.Idempotency;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;

namespace Gateway.Shared.Tests.Idempotency;

/// <summary>Outages of Redis: ingest continues, and each change is logged once.</summary>
public sealed class RedisOutageTests : IAsyncLifetime
{
    private const int Away = 110;
    private const int Back = 111;

    private RedisServer _server = null!;
    private RedisFilter _filter = null!;

    private IIdempotencyService Service => _filter.Service;

    public static TheoryData<string, string> RejectedRequestLog { get; } = new()
    {
        { "CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0" },
        { "REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE" },
    };

    public async ValueTask InitializeAsync()
    {
        _server = await RedisServer.StartAsync();
        _filter = await RedisFilter.OverAsync(_server);
        await MarkedAsync("known");
    }

    public async ValueTask DisposeAsync()
    {
        await _filter.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Hanging_redis_costs_one_deadline_and_then_no_wait()
    {
        _server.Pause();
        var first = Service.FindCachedAsync(["known"]);
        await _filter.Time.TimerRunsAsync(IdempotencyServiceRedis.LookUpDeadline);
        first.IsCompleted.ShouldBeFalse();
        _filter.Time.Advance(IdempotencyServiceRedis.LookUpDeadline);

        (await first).ShouldBe([null]);
        var second = Service.FindCachedAsync(["known"]);
        second.IsCompletedSuccessfully.ShouldBeTrue("no command was sent");
        (await second).ShouldBe([null]);

        _server.Resume();
        await BackAsync();
        await CalmAsync(_filter);
        _filter.Log.Ids.ShouldBe([Away, Back]);
    }

    [Fact]
    public async Task Killed_redis_is_skipped_at_once_and_used_again_a_second_after_its_restart()
    {
        await _server.KillAsync();

        (await Service.FindCachedAsync(["known"])).ShouldBe([null]);
        Service.AddToCache([("lost", default)]);
        (await Should.ThrowAsync<BackendUnavailableException>(() => Service.MarkFailedAsync(["known"]))).Backend
            .ShouldBe("redis");
        await Should.ThrowAsync<BackendUnavailableException>(() => Service.ClearAsync(CancellationToken.None));

        await _server.StartAgainAsync();
        await BackAsync();
        (await Service.FindCachedAsync(["lost", "known"]))[0].ShouldBeNull();
        await Service.MarkFailedAsync(["known"]);
        (await Service.FindCachedAsync(["known"])).ShouldBe([null]);
        await CalmAsync(_filter);
        _filter.Log.Ids.ShouldBe([Away, Back]);
    }

    [Fact]
    public async Task Redis_may_restart_without_its_data()
    {
        await _server.KillAsync();
        (await Service.FindCachedAsync(["known"])).ShouldBe([null]);

        await _server.StartAgainEmptyAsync();

        await Until.TrueAsync(AskAfterASecondAsync, _ => _filter.Log.Ids.Contains(Back));
        (await Service.FindCachedAsync(["known"])).ShouldBe([null]);
        await MarkedAsync("known");
    }

    [Fact]
    public async Task Redis_that_starts_after_the_gateway_is_used()
    {
        await _server.KillAsync();
        await using var filter = await RedisFilter.OverAsync(_server);

        (await filter.Service.FindCachedAsync(["known"])).ShouldBe([null]);
        filter.Log.Ids.ShouldBe([Away]);

        await _server.StartAgainAsync();
        await Until.TrueAsync(() => AskAfterASecondAsync(filter), mark => mark is not null);
        await CalmAsync(filter);
        filter.Log.Ids.ShouldBe([Away, Back]);
    }

    [Theory]
    [MemberData(nameof(RejectedRequestLog))]
    public async Task Full_or_read_only_redis_counts_as_unavailable(string fail, string recover)
    {
        await OrderAsync(fail);
        Service.AddToCache([("rejected", default)]);
        await Until.TrueAsync(() => _filter.Log.Ids.Count > 0);

        (await Service.FindCachedAsync(["known"])).ShouldBe([null]);
        _filter.Time.Advance(DeduplicationCircuit.Pause);
        (await Service.FindCachedAsync(["known"])).Single().ShouldNotBeNull();
        _filter.Log.Ids.ShouldBe([Away], "it is back when it takes marks again");
        await Should.ThrowAsync<BackendUnavailableException>(Service.ProbeAsync);

        await OrderAsync(recover);
        await Until.TrueAsync(
            () =>
            {
                _filter.Time.Advance(DeduplicationCircuit.Pause);
                Service.AddToCache([("taken", default)]);
                return _filter.Log.Ids.Contains(Back);
            });
        await Service.ProbeAsync();
        _filter.Log.Ids.ShouldBe([Away, Back]);
    }

    [Fact]
    public async Task Marking_a_failure_throws_after_two_seconds_while_redis_hangs()
    {
        _server.Pause();
        var failed = Service.MarkFailedAsync(["known"]);
        await _filter.Time.TimerRunsAsync(TimeSpan.FromSeconds(2));
        _filter.Time.Advance(TimeSpan.FromSeconds(2));

        await Should.ThrowAsync<BackendUnavailableException>(failed);
        _server.Resume();
    }

    [Fact]
    public async Task Redis_that_stays_slower_than_a_look_up_may_be_is_reported_as_too_slow()
    {
        await ProbeSlowlyAsync();
        _filter.Time.Advance(TimeSpan.FromSeconds(5));

        (await Should.ThrowAsync<BackendUnavailableException>(ProbeSlowlyAsync)).Message
            .ShouldBe("redis: too slow: 500 ms, look-ups are allowed 50 ms");

        _filter.Log.Ids.ShouldBe([Away]);
        await CalmAsync(_filter);
        await Service.ProbeAsync();
        _filter.Log.Ids.ShouldBe([Away, Back]);
    }

    [Fact]
    public async Task Failed_look_ups_are_reported_while_the_probe_is_answered()
    {
        await OrderAsync("ACL SETUSER default -mget");
        for (var i = 0; i < 3; i++) await AskAfterASecondAsync();

        (await Should.ThrowAsync<BackendUnavailableException>(Service.ProbeAsync)).Message.ShouldContain("NOPERM");

        await OrderAsync("ACL SETUSER default +mget");
        await CalmAsync(_filter);
        await Service.ProbeAsync();
        _filter.Log.Ids.ShouldBe([Away, Back]);
    }

    [Fact]
    public async Task Group_is_spread_over_the_slots_of_a_cluster()
    {
        await using var server = await RedisServer.StartClusterNodeAsync();
        await FormClusterAsync(server);
        await using var filter = await RedisFilter.OverAsync(server);
        var keys = Enumerable.Range(0, 100).Select(i => $"dhl.evt-{i}").ToArray();

        filter.Service.AddToCache([.. keys.Select(key => (key, new CacheEntry(Guid.NewGuid(), 1)))]);

        await Until.TrueAsync(() => filter.Service.FindCachedAsync(keys), marks => marks.All(mark => mark is not null));
        await filter.Service.MarkFailedAsync(keys[..10]);
        (await filter.Service.FindCachedAsync(keys)).Count(mark => mark is null).ShouldBe(10);
        (await filter.Service.ClearAsync(CancellationToken.None)).ShouldBe(100);
        filter.Log.Ids.ShouldBeEmpty();
    }

    private static async Task FormClusterAsync(RedisServer server)
    {
        await using var redis = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(
            $"{server.Endpoint},allowAdmin=true");
        await redis.GetServers()[0].ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
        await Until.TrueAsync(
            async () => (await redis.GetServers()[0].ExecuteAsync("CLUSTER", "INFO")).ToString(),
            info => info.Contains("cluster_state:ok", StringComparison.Ordinal));
    }

    private async Task OrderAsync(string order)
    {
        var words = order.Split(' ');
        await (await _filter.OperatorAsync()).ExecuteAsync(words[0], [.. words[1..]]);
    }

    private async Task MarkedAsync(string key)
    {
        Service.AddToCache([(key, new CacheEntry(Guid.NewGuid(), 1))]);
        await Until.TrueAsync(() => Service.FindCachedAsync([key]), marks => marks[0] is not null);
    }

    private async Task ProbeSlowlyAsync()
    {
        _server.Pause();
        var probe = Service.ProbeAsync();
        await _filter.Time.TimerRunsAsync(TimeSpan.FromSeconds(1));
        _filter.Time.Advance(TimeSpan.FromMilliseconds(500));
        _server.Resume();
        await probe;
    }

    /// <summary>The end of an outage is logged by a call after 10 s without a failure.</summary>
    private static async Task CalmAsync(RedisFilter filter)
    {
        filter.Time.Advance(DeduplicationCircuit.Calm);
        await filter.Service.FindCachedAsync(["known"]);
    }

    private Task<CacheEntry?> BackAsync() => Until.TrueAsync(AskAfterASecondAsync, mark => mark is not null);

    private Task<CacheEntry?> AskAfterASecondAsync() => AskAfterASecondAsync(_filter);

    private static async Task<CacheEntry?> AskAfterASecondAsync(RedisFilter filter)
    {
        filter.Time.Advance(DeduplicationCircuit.Pause);
        return (await filter.Service.FindCachedAsync(["known"]))[0];
    }
}
