using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Gateway.Shared.Redis;

/// <summary>
/// Owns the connection. It opens in the background and reconnects by itself, after a failover to the new master; calls during an
/// outage fail at once.
/// </summary>
public sealed class RedisConnection : IAsyncDisposable
{
    // keepAlive: a peer that disappears without closing is detected after seconds, not after the minute of the default.
    private const string Defaults = "name=gateway,connectTimeout=1000,asyncTimeout=2000,keepAlive=5";

    private readonly RedisOptions _options;
    private readonly Task<ConnectionMultiplexer> _opening;

    public RedisConnection(IOptions<RedisOptions> options)
    {
        _options = options.Value;
        var configuration = ConfigurationOf(_options);
        // Not on the caller's thread: the first connect blocked it for 200 ms.
        _opening = Task.Run(() => ConnectionMultiplexer.ConnectAsync(configuration));
    }

    /// <summary>The first attempt to connect has ended, successfully or not.</summary>
    public bool HasTried => _opening.IsCompleted;

    /// <summary>Returns after the first attempt to connect, successful or not.</summary>
    public async Task<IConnectionMultiplexer> OpenAsync() => await _opening;

    /// <summary>
    /// The items of one command: all of them, or a single one on a cluster. With 100 keys, one command per key costs 5 µs per
    /// key, one command for all keys 2 µs.
    /// </summary>
    internal IReadOnlyList<TItem[]> GroupsOf<TItem>(IReadOnlyList<TItem> items)
        => IsCluster ? [.. items.Select(item => new[] { item })] : [[.. items]];

    /// <summary>
    /// One command per item, all in one batch. Runs on another thread, because writing takes 3-5 µs per command and blocked its
    /// thread for 400 ms while Redis hung.
    /// </summary>
    internal Task<TAnswer[]> SendAsync<TItem, TAnswer>(IReadOnlyList<TItem> items, Func<IBatch, TItem, Task<TAnswer>> command)
        => Task.Run(async () =>
        {
            var redis = await OpenAsync();
            var batch = redis.GetDatabase().CreateBatch();
            var answers = items.Select(item => command(batch, item)).ToArray();
            batch.Execute();
            return await Task.WhenAll(answers);
        });

    internal Task<TAnswer[]> SendAsync<TItem, TAnswer>(
        IReadOnlyList<TItem> items, Func<IBatch, TItem, Task<TAnswer>> command, TimeSpan deadline, TimeProvider time)
        => WithinAsync(SendAsync(items, command), deadline, time);

    internal static async Task<T> WithinAsync<T>(Task<T> answer, TimeSpan deadline, TimeProvider time)
    {
        try
        {
            return await answer.WaitAsync(deadline, time);
        }
        catch (TimeoutException)
        {
            _ = EndOf(answer);
            throw new TimeoutException($"no answer within {deadline.TotalMilliseconds} ms");
        }
    }

    /// <summary>
    /// The fault of one more attempt to connect if Redis rejects the password, else null. The driver remembers how it lost the
    /// connection, not why it gets none.
    /// </summary>
    internal async Task<Exception?> PasswordFaultAsync(TimeProvider time)
    {
        var configuration = ConfigurationOf(_options);
        (configuration.AbortOnConnectFail, configuration.ConnectRetry) = (true, 1);
        try
        {
            await WithinAsync(Task.Run(OpenAndCloseAsync), TimeSpan.FromSeconds(2), time);
            return null;
        }
        catch (Exception fault) when (fault is RedisException or TimeoutException)
        {
            return (fault as RedisConnectionException)?.FailureType == ConnectionFailureType.AuthenticationFailure
                ? fault.InnerException ?? fault : null;
        }

        async Task<bool> OpenAndCloseAsync()
        {
            await using var redis = await ConnectionMultiplexer.ConnectAsync(configuration);
            return true;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndOf(_opening);
        if (!_opening.IsCompletedSuccessfully) return;
        var redis = await _opening;
        await redis.CloseAsync(allowCommandsToComplete: false);
        await redis.DisposeAsync();
    }

    internal static bool IsReadable(RedisOptions options)
    {
        try
        {
            ConfigurationOf(options);
            return true;
        }
        catch (Exception fault) when (fault is ArgumentException or FormatException)
        {
            return false;
        }
    }

    /// <summary>Throws <see cref="ArgumentException"/> for unreadable options.</summary>
    internal static ConfigurationOptions ConfigurationOf(RedisOptions options)
    {
        var configuration = ConfigurationOptions.Parse($"{Defaults},{options.Options}");
        foreach (var sentinel in options.AllSentinels) configuration.EndPoints.Add(sentinel);
        if (options.Sentinels.Length > 0) configuration.ServiceName = options.ServiceName;
        else configuration.EndPoints.Add(options.Host, options.Port);
        if (options.PasswordFile.Length > 0)
        {
            // By the driver's defaults some hosts have TLS.
            var ssl = configuration.Ssl;
            configuration.Defaults = new PasswordInFile(options.PasswordFile, options.Password);
            configuration.Ssl = ssl;
        }
        else if (options.Password.Length > 0)
        {
            configuration.Password = options.Password;
        }

        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        // Not after up to 10 s: a failover closes connections a second time.
        configuration.ReconnectRetryPolicy = new LinearRetry(500);
        configuration.IncludeDetailInExceptions = false;
        return configuration;
    }

    private bool IsCluster => _opening.IsCompletedSuccessfully
        && _opening.Result.GetServers().Any(server => server.ServerType == ServerType.Cluster);

    /// <summary>Awaits the end and observes a possible exception.</summary>
    private static async Task EndOf(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
