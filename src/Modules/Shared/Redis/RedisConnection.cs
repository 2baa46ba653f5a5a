using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Gateway.Shared.Redis;

/// <summary>
/// Owns the connection. It opens in the background and reconnects by itself; calls during an outage fail at once.
/// </summary>
public sealed class RedisConnection : IAsyncDisposable
{
    // keepAlive: a peer that disappears without closing is detected after seconds, not after the minute of the default.
    private const string Defaults = "name=gateway,connectTimeout=1000,asyncTimeout=2000,keepAlive=5";

    private readonly Task<ConnectionMultiplexer> _opening;

    public RedisConnection(IOptions<RedisOptions> options)
    {
        var configuration = ConfigurationOf(options.Value);
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

    internal async Task<TAnswer[]> SendAsync<TItem, TAnswer>(
        IReadOnlyList<TItem> items, Func<IBatch, TItem, Task<TAnswer>> command, TimeSpan deadline, TimeProvider time)
    {
        var answers = SendAsync(items, command);
        try
        {
            return await answers.WaitAsync(deadline, time);
        }
        catch (TimeoutException)
        {
            _ = EndOf(answers);
            throw;
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
        configuration.EndPoints.Add(options.Host, options.Port);
        if (options.Password.Length > 0) configuration.Password = options.Password;
        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.IncludeDetailInExceptions = false;
        return configuration;
    }

    private bool IsCluster => _opening.IsCompletedSuccessfully
        && _opening.Result.GetServers().Any(server => server.ServerType == ServerType.Cluster);

    /// <summary>Awaits the end and observes a possible exception.</summary>
    private static async Task EndOf(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
