using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.Shared.Errors;
using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client.Exceptions;

namespace Gateway.EventsGateway.NestInterop;

/// <summary>
/// Looks for consumers of the original's queue that are none of the gateway: the broker knows their number, and the workers of
/// the gateway publish theirs. With both kinds each gets a part of the messages, and only ours are routed and retried.
/// </summary>
/// <param name="connection">To the broker.</param>
/// <param name="queue">The queue, and the consumers of this process.</param>
/// <param name="name">The name of the queue.</param>
/// <param name="others">The other workers of the gateway.</param>
/// <param name="time">The clock of this process.</param>
/// <param name="log">Logs each change.</param>
internal sealed class OriginalConsumers(
    RabbitMqConnection connection, NestQueue queue, string name, OtherProcesses others, TimeProvider time,
    ILogger<OriginalConsumers> log)
{
    private const string Topic = "nest-readers";

    /// <summary>A worker that has started since is seen by the broker before it has published its own number.</summary>
    private static readonly TimeSpan Doubt = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private DateTimeOffset? _sharedSince;
    private DateTimeOffset _lookedAt;
    private bool _isReported;

    /// <summary>Throws while others read the queue too.</summary>
    public async Task ProbeAsync()
    {
        var now = time.GetUtcNow();
        if (now - _lookedAt >= Interval) await LookAsync(now);
        if (_isReported) throw new BackendUnavailableException("nest-queue", $"queue '{name}' has consumers of another program");
    }

    private async Task LookAsync(DateTimeOffset now)
    {
        _lookedAt = now;
        long foreign;
        try
        {
            await others.PublishAsync(Topic, new Readers(queue.Readers));
            var ours = queue.Readers
                + (await others.ReadAsync<Readers>(Topic)).Where(one => one.Age < Doubt).Sum(one => one.Content.Count);
            var link = await connection.OpenAsync();
            await using var channel = await link.CreateChannelAsync();
            foreign = (await channel.QueueDeclarePassiveAsync(name)).ConsumerCount - ours;
        }
        catch (Exception fault) when (fault is BackendUnavailableException or RabbitMQClientException or TimeoutException)
        {
            // Not known. Redis, RabbitMQ and the missing queue have checks and log lines of their own.
            return;
        }

        _sharedSince = foreign > 0 ? _sharedSince ?? now : null;
        var isShared = now - _sharedSince >= Doubt;
        if (isShared && !_isReported) OperationsLog.NestQueueShared(log, name, foreign);
        if (!isShared && _isReported) OperationsLog.NestQueueOwn(log, name);
        _isReported = isShared;
    }

    private sealed record Readers(int Count);
}
