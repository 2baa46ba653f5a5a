using RabbitMQ.Client;

namespace Gateway.Shared.RabbitMq;

/// <summary>Opens a connection to the first node that answers, and closes connections.</summary>
internal static class RabbitMqConnector
{
    /// <summary>
    /// Longest silence of a node during one step: a part of the handshake, or a call on a channel. Longer than the round trip of
    /// a slow line (2 s).
    /// </summary>
    private static readonly TimeSpan StepTimeout = TimeSpan.FromSeconds(5);

    /// <summary>For the whole handshake, which has four round trips.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(12);

    /// <summary>
    /// A suspended node accepts connections and does not answer. After this time the next node is tried beside it.
    /// </summary>
    private static readonly TimeSpan HeadStart = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan CloseGrace = TimeSpan.FromSeconds(2);

    /// <param name="name">The name that the broker shows.</param>
    /// <param name="options">The nodes.</param>
    /// <param name="last">The node of the connection before, which is tried last.</param>
    /// <param name="time">The clock of this process.</param>
    public static async Task<IConnection> OpenAsync(
        string name, RabbitMqOptions options, AmqpTcpEndpoint? last, TimeProvider time)
    {
        var nodes = await RabbitMqNodes.InOrderAsync(options.Nodes, last);
        var attempts = new List<Task<IConnection>>();
        foreach (var (uri, node) in nodes)
        {
            attempts.Add(FactoryOf(uri).CreateConnectionAsync([node], name));
            var open = await FirstOpenAsync(attempts, attempts.Count == nodes.Count ? Timeout : HeadStart, time);
            if (open is null) continue;
            foreach (var other in attempts.Where(attempt => attempt != open)) CloseWhenOpen(other);
            return await open;
        }

        foreach (var silent in attempts.Where(attempt => !attempt.IsCompleted)) CloseWhenOpen(silent);
        // The answer of a node explains more than the silence of another.
        throw attempts.LastOrDefault(attempt => attempt.IsFaulted)?.Exception?.InnerException ?? new TimeoutException();
    }

    /// <summary>
    /// The result of a step on an open connection. If the broker is silent for the driver's time-out, the connection is dropped.
    /// Callers may wait for less: on a slow line the step ends later.
    /// </summary>
    public static async Task<T> OrAbandonAsync<T>(this RabbitMqConnection connection, IConnection link, Task<T> step)
    {
        try
        {
            return await step;
        }
        catch (Exception fault) when (RabbitMqFault.IsSilence(fault))
        {
            connection.Abandon(link);
            throw;
        }
    }

    public static async Task CloseAsync(IConnection connection)
    {
        await connection.AbortAsync(CloseGrace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await connection.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public static void Discard(IConnection connection) => _ = Task.Run(() => CloseAsync(connection));

    /// <summary>Closes a channel in the background, because a close waits for the broker.</summary>
    public static void Discard(IChannel channel)
        => _ = Task.Run(
            async () => await channel.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing));

    /// <summary>For an attempt to connect that is not needed any more.</summary>
    public static void CloseWhenOpen(Task<IConnection> connecting)
        => connecting.ContinueWith(
            late => CloseAsync(late.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion,
            TaskScheduler.Default);

    /// <summary>Null when all attempts have failed, or none of them is open within the time.</summary>
    private static async Task<Task<IConnection>?> FirstOpenAsync(
        List<Task<IConnection>> attempts, TimeSpan within, TimeProvider time)
    {
        while (!attempts.Exists(attempt => attempt.IsCompletedSuccessfully) && attempts.Exists(attempt => !attempt.IsCompleted))
        {
            Task next = Task.WhenAny(attempts.Where(attempt => !attempt.IsCompleted));
            await next.WaitAsync(within, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!next.IsCompleted) break;
        }

        return attempts.Find(attempt => attempt.IsCompletedSuccessfully);
    }

    private static ConnectionFactory FactoryOf(Uri uri) => new()
    {
        Uri = uri,
        AutomaticRecoveryEnabled = false,
        TopologyRecoveryEnabled = false,
        RequestedConnectionTimeout = StepTimeout,
        HandshakeContinuationTimeout = StepTimeout,
        ContinuationTimeout = StepTimeout,
        RequestedHeartbeat = TimeSpan.FromSeconds(10),
    };
}
