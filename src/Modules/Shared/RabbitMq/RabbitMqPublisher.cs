using System.Collections.Concurrent;
using Gateway.Shared.Errors;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Gateway.Shared.RabbitMq;

/// <summary>
/// Publishes groups, each on a channel of its own: mandatory (a confirm alone is also given for what no queue took),
/// confirmed, and within a deadline that is ours, because a publish of the driver's can hang for ever. Nothing is ever
/// published a second time.
/// </summary>
/// <param name="connection">For publishing alone.</param>
/// <param name="declare">Makes sure that there are queues to publish to.</param>
/// <param name="options">The deadline.</param>
/// <param name="time">Its clock.</param>
public sealed class RabbitMqPublisher(
    RabbitMqConnection connection, Func<IConnection, Task> declare, IOptions<RabbitMqOptions> options, TimeProvider time)
{
    private readonly ConcurrentBag<ConfirmChannel> _idle = [];
    private readonly TimeSpan _patience = options.Value.PublishDeadline;
    private readonly TopologyDeclaration _declaration = new(declare);

    /// <summary>
    /// Per message, in order: null when a queue has it for good, else why that is not known. When nothing could be sent
    /// at all it is an <see cref="BackendUnavailableException"/>.
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
        // Returned, or ended by a 404: perhaps somebody has deleted a queue.
        if (faults.Any(fault => fault is not null)) _declaration.Forget();
        return faults;
    }

    private const string Undeclared = "the queues cannot be declared";

    /// <summary>Returns when a message could be published now; else <see cref="BackendUnavailableException"/> tells why not.</summary>
    public Task ProbeAsync()
    {
        _declaration.Forget();
        return ReadyAsync(time.GetTimestamp(), isProbe: true);
    }

    private async Task<IConnection> ReadyAsync(long started, bool isProbe = false)
    {
        var link = await InTimeAsync(connection.OpenAsync(), started, "no connection");
        if (connection.Blocked is { } reason) throw RabbitMqFault.Of($"the broker takes no messages at present: {reason}");
        return isProbe
            // Whoever asks how we are must not take the connection from those who publish.
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

    /// <summary>Where nothing is published yet, silence is the connection's fault.</summary>
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
        var left = _patience - time.GetElapsedTime(started);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
