using RabbitMQ.Client;

namespace Gateway.Shared.RabbitMq;

/// <summary>Opens and closes connections, and waits for neither longer than a few seconds.</summary>
internal static class RabbitMqConnector
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A broker that is stopped, not dead, lets everybody connect and says nothing; the driver would take 3 s for the
    /// handshake and 5 s more to give it up.
    /// </summary>
    public static async Task<IConnection> OpenAsync(string name, RabbitMqOptions options, TimeProvider time)
    {
        var connecting = Factory(name, options).CreateConnectionAsync();
        try
        {
            return await connecting.WaitAsync(Timeout, time);
        }
        catch (TimeoutException)
        {
            CloseWhenOpen(connecting);
            throw;
        }
    }

    public static async Task CloseAsync(IConnection connection)
    {
        await connection.AbortAsync(CloseGrace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public static void Discard(IConnection connection) => _ = Task.Run(() => CloseAsync(connection));

    /// <summary>Nobody waits for it any more.</summary>
    public static void CloseWhenOpen(Task<IConnection> connecting)
        => connecting.ContinueWith(
            late => CloseAsync(late.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);

    private static ConnectionFactory Factory(string name, RabbitMqOptions options) => new()
    {
        Uri = options.Url,
        ClientProvidedName = name,
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedConnectionTimeout = Timeout,
        HandshakeContinuationTimeout = Timeout,
        ContinuationTimeout = Timeout,
        RequestedHeartbeat = TimeSpan.FromSeconds(10),
    };
}
