using Gateway.Shared.Idempotency;
using Gateway.Shared.Redis;
using Gateway.TestSupport;
using Gateway.TestSupport.Servers;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Gateway.Shared.Tests.Idempotency;

/// <summary>The cache on a real Redis with a stopped clock, so that a slow machine does not miss its deadline.</summary>
internal sealed class RedisFilter(
    Func<Task<RedisServer>> server, string prefix, int ttlSeconds = 3600, Action<RedisOptions>? adapt = null) : IdempotencyHarness
{
    private ConnectionMultiplexer? _operator;

    private IdempotencyServiceRedis? _service;

    public SteppedTime Time { get; } = new();

    public LogLines<IdempotencyServiceRedis> Log { get; } = new();

    public RedisConnection Connection { get; private set; } = null!;

    public RedisServer Server { get; private set; } = null!;

    public override IIdempotencyService Service => _service!;

    public static RedisFilter Shared(int ttlSeconds = 3600)
        => new(RedisServer.SharedAsync, $"gateway:[a-z]*:{Guid.NewGuid():N}:", ttlSeconds);

    /// <summary>On a server of the test.</summary>
    public static async Task<RedisFilter> OverAsync(RedisServer server, Action<RedisOptions>? adapt = null)
    {
        var filter = new RedisFilter(() => Task.FromResult(server), "gateway:seen:", adapt: adapt);
        await filter.OpenAsync();
        return filter;
    }

    public override async ValueTask OpenAsync()
    {
        Server = await server();
        var options = new RedisOptions
        {
            // The driver measures real time: no command may fail because the machine is busy.
            Host = Server.Host, Port = Server.Port, Password = Server.Password, Options = "asyncTimeout=60000",
        };
        adapt?.Invoke(options);
        Connection = new RedisConnection(new OptionsWrapper<RedisOptions>(options));
        await Connection.OpenAsync();
        _service = new IdempotencyServiceRedis(
            Connection, new OptionsWrapper<IdempotencyOptions>(
                new IdempotencyOptions { KeyPrefix = prefix, TtlSeconds = ttlSeconds }), Time, Log);
    }

    public override async Task<IdempotencyHarness> NeighbourAsync()
    {
        // As a pattern, the prefix of the first cache would match this one too.
        var neighbour = new RedisFilter(server, prefix.Replace("[a-z]*", "bc", StringComparison.Ordinal));
        await neighbour.OpenAsync();
        return neighbour;
    }

    public override ValueTask BreakAsync() => Connection.DisposeAsync();

    /// <summary>Direct access to the same keys.</summary>
    public async Task<IDatabase> OperatorAsync()
        => (_operator ??= await ConnectionMultiplexer.ConnectAsync($"{Server.Endpoint},allowAdmin=true")).GetDatabase();

    public RedisKey KeyOf(string key) => prefix + key;

    public async Task<RedisValue> GetAsync(string key) => await (await OperatorAsync()).StringGetAsync(KeyOf(key));

    public async Task SetAsync(string key, RedisValue value) => await (await OperatorAsync()).StringSetAsync(KeyOf(key), value);

    public async Task<TimeSpan?> TimeToLiveAsync(string key) => await (await OperatorAsync()).KeyTimeToLiveAsync(KeyOf(key));

    public override async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        if (_operator is not null) await _operator.DisposeAsync();
    }
}
