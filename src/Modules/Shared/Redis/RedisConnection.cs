using System.Net;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Gateway.Shared.Redis;

/// <summary>
/// The owner of the connection: begun by the first who needs it, carried on by the driver. Nobody ever waits for it: a
/// command that cannot be sent at once fails at once.
/// </summary>
public sealed class RedisConnection(IOptions<RedisOptions> options) : IAsyncDisposable
{
    private readonly Lazy<Task<ConnectionMultiplexer>> _connecting = new(() => ConnectionMultiplexer.ConnectAsync(SettingsOf(options.Value)));

    /// <summary>Null while it is still being made.</summary>
    public ConnectionMultiplexer? Current => _connecting.Value is { IsCompletedSuccessfully: true } done ? done.Result : null;

    public Task<ConnectionMultiplexer> GetAsync() => _connecting.Value;

    internal static bool IsReadable(string options)
    {
        try
        {
            Parsed(options);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connecting.IsValueCreated && Current is { } connection) await connection.DisposeAsync();
    }

    private static ConfigurationOptions Parsed(string options) => options.Length == 0 ? new() : ConfigurationOptions.Parse(options);

    private static ConfigurationOptions SettingsOf(RedisOptions redis)
    {
        var settings = Parsed(redis.Options);
        settings.EndPoints.Insert(0, new DnsEndPoint(redis.Host, redis.Port));
        if (redis.Password.Length > 0) settings.Password = redis.Password;
        settings.ClientName = "gateway";
        // A Redis that is away at the start is looked for in the background, like one that goes away later.
        settings.AbortOnConnectFail = false;
        settings.BacklogPolicy = BacklogPolicy.FailFast;
        settings.ConnectTimeout = 2000;
        settings.AsyncTimeout = 2000;
        settings.ReconnectRetryPolicy = new LinearRetry(500);
        return settings;
    }
}
