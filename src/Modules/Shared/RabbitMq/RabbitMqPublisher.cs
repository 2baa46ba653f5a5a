using System.Collections.Concurrent;
using Gateway.Shared.Errors;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Gateway.Shared.RabbitMq;

/// <summary>
/// Publishes groups of messages, each group on its own channel: mandatory (the broker also confirms messages that reach no
/// queue), confirmed, and within the gateway's own deadline, because a publish of the driver can hang without end. A message is
/// never published twice.
/// </summary>
/// <param name="connection">A connection for publishing only.</param>
/// <param name="declare">Declares the queues.</param>
/// <param name="options">The deadline.</param>
/// <param name="time">The clock of this process.</param>
public sealed class RabbitMqPublisher(
    RabbitMqConnection connection, Func<IChannel, Task> declare, IOptions<RabbitMqOptions> options, TimeProvider time)
{
    private const int FailuresOfConnection = 2;

    private readonly ConcurrentBag<ConfirmChannel> _idle = [];
    private readonly TimeSpan _deadline = options.Value.PublishDeadline;
    private readonly TopologyDeclaration _declaration = new(connection, declare);
    private int _failuresInARow;

    /// <summary>
    /// Per message, in order: null if a queue has stored it, otherwise the reason why that is not known. Throws
    /// <see cref="BackendUnavailableException"/> if no message could be sent.
    /// </summary>
    public async Task<IReadOnlyList<string?>> PublishAsync(IReadOnlyList<RabbitMqMessage> messages)
    {
        if (messages.Count == 0) return [];
        var started = time.GetTimestamp();
        var link = await ReadyAsync(started);
        var channel = await TakeChannelAsync(link, started);
        var faults = await channel.PublishAsync(messages, LeftOf(started), time);
        if (channel.IsUsableOn(link)) _idle.Add(channel);
        else channel.Abandon();
        if (channel.MissesQueue) _declaration.Reset();
        AssessConnection(link, channel.HasFailed && !faults.Contains(null));
        return faults;
    }

    /// <summary>
    /// Throws a <see cref="BackendUnavailableException"/> with the reason unless the connected node, and it alone, answers.
    /// </summary>
    public async Task ProbeAsync()
    {
        var started = time.GetTimestamp();
        var link = await ReadyAsync(started);
        RabbitMqConnector.Discard(await InTimeAsync(link.CreateChannelAsync(), started, "no channel"));
    }

    private async Task<IConnection> ReadyAsync(long started)
    {
        var link = await InTimeAsync(connection.OpenAsync(), started, "no connection");
        if (connection.Blocked is { } reason) throw RabbitMqFault.Of($"the broker blocks publishing: {reason}");
        return await InTimeAsync(_declaration.OnAsync(link), started, "the queues cannot be declared");
    }

    private async Task<ConfirmChannel> TakeChannelAsync(IConnection link, long started)
    {
        while (_idle.TryTake(out var idle))
        {
            if (idle.IsUsableOn(link)) return idle;
            idle.Abandon();
        }

        var opening = connection.OrAbandonAsync(link, ConfirmChannel.OpenAsync(link));
        try
        {
            return await InTimeAsync(opening, started, "no channel");
        }
        catch (BackendUnavailableException) when (!opening.IsCompleted)
        {
            // On a slow line it opens later, for the next group.
            _ = opening.ContinueWith(
                late => _idle.Add(late.Result), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
            throw;
        }
    }

    /// <summary>One group without a confirm is its channel's failure; several in a row are the node's.</summary>
    private void AssessConnection(IConnection link, bool hasFailed)
    {
        if (!hasFailed) Volatile.Write(ref _failuresInARow, 0);
        else if (Interlocked.Increment(ref _failuresInARow) % FailuresOfConnection == 0) connection.Abandon(link);
    }

    private async Task<T> InTimeAsync<T>(Task<T> step, long started, string what)
    {
        try
        {
            return await step.WaitAsync(LeftOf(started), time);
        }
        catch (Exception fault)
        {
            throw RabbitMqFault.Of(what, fault);
        }
    }

    private TimeSpan LeftOf(long started)
    {
        var left = _deadline - time.GetElapsedTime(started);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
