using RabbitMQ.Client;

namespace Gateway.Shared.RabbitMq;

/// <summary>Opens and closes connections within a few seconds.</summary>
internal static class RabbitMqConnector
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A suspended broker accepts connections and does not answer; the driver would need 3 s for the handshake and 5 s more to
    /// close the connection.
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

    /// <summary>For an attempt to connect that has timed out.</summary>
    public static void CloseWhenOpen(Task<IConnection> connecting)
        => connecting.ContinueWith(
            late => CloseAsync(late.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion,
            TaskScheduler.Default);

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
