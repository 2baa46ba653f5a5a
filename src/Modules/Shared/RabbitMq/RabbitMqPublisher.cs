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
    RabbitMqConnection connection, Func<IConnection, Task> declare, IOptions<RabbitMqOptions> options, TimeProvider time)
{
    private readonly ConcurrentBag<ConfirmChannel> _idle = [];
    private readonly TimeSpan _deadline = options.Value.PublishDeadline;
    private readonly TopologyDeclaration _declaration = new(declare);

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
        // A returned message or a 404 shows that a queue may have been deleted.
        if (faults.Any(fault => fault is not null)) _declaration.Reset();
        return faults;
    }

    private const string Undeclared = "the queues cannot be declared";

    /// <summary>
    /// Throws a <see cref="BackendUnavailableException"/> with the reason unless a message could be published now.
    /// </summary>
    public Task ProbeAsync()
    {
        _declaration.Reset();
        return ReadyAsync(time.GetTimestamp(), isProbe: true);
    }

    private async Task<IConnection> ReadyAsync(long started, bool isProbe = false)
    {
        var link = await InTimeAsync(connection.OpenAsync(), started, "no connection");
        if (connection.Blocked is { } reason) throw RabbitMqFault.Of($"the broker blocks publishing: {reason}");
        return isProbe
            // A health probe must not drop the connection of running publishes.
            ? await InTimeAsync(_declaration.OnAsync(link), started, Undeclared)
            : await OrAbandonAsync(link, _declaration.OnAsync(link), started, Undeclared);
    }

    private async Task<ConfirmChannel> TakeChannelAsync(IConnection link, long started)
    {
        while (_idle.TryTake(out var idle))
        {
            if (idle.IsUsableOn(link)) return idle;
            idle.Abandon();
        }

        return await OrAbandonAsync(link, ConfirmChannel.OpenAsync(link), started, "no channel");
    }

    /// <summary>If the broker is silent before the first publish, the connection is dropped.</summary>
    private async Task<T> OrAbandonAsync<T>(IConnection link, Task<T> step, long started, string what)
    {
        try
        {
            return await InTimeAsync(step, started, what);
        }
        catch (BackendUnavailableException fault) when (fault.InnerException is { } cause && RabbitMqFault.IsSilence(cause))
        {
            connection.Abandon(link);
            throw;
        }
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
