using System.Threading.Channels;
using Gateway.Shared.RabbitMq;

namespace Gateway.EventsGateway.Queue.RabbitMq;

/// <summary>Deliveries of the broker that wait for the store. The broker's prefetch bounds them.</summary>
internal sealed class PrefetchBuffer(TimeProvider time)
{
    /// <summary>
    /// After this time without a delivery the queue is consumed again on another channel. RabbitMQ 3.10 was observed to deliver
    /// nothing to the consumer of a queue that was deleted and immediately declared again, although it still counted that
    /// consumer and messages were waiting.
    /// </summary>
    public static readonly TimeSpan QuietTime = TimeSpan.FromSeconds(15);

    /// <summary>
    /// A slow store needs long for the messages of a full buffer. After this time they return to the queue, where other workers
    /// find them.
    /// </summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>
    /// From one group to the next. The groups that follow are about as large: without it each event was alone at 200 per second.
    /// </summary>
    private static readonly TimeSpan GroupInterval = TimeSpan.FromMilliseconds(20);

    private readonly Channel<RabbitMqDelivery> _channel =
        Channel.CreateUnbounded<RabbitMqDelivery>(new UnboundedChannelOptions { SingleReader = true });

    private long _groupBegan;

    public ChannelWriter<RabbitMqDelivery> Writer => _channel.Writer;

    public ChannelReader<RabbitMqDelivery> Reader => _channel.Reader;

    public bool HoldsTooLong
        => Reader.TryPeek(out var oldest) && time.GetElapsedTime(oldest.ReadAt) > LongestWait;

    /// <summary>Waits for a delivery, and until a group may begin. False on a stop and after the quiet time.</summary>
    public async Task<bool> WaitAsync(CancellationToken stop)
    {
        using var quiet = new CancellationTokenSource(QuietTime, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, stop);
        try
        {
            if (!await Reader.WaitToReadAsync(either.Token)) return false;
            if (_groupBegan != 0 && GroupInterval - time.GetElapsedTime(_groupBegan) is { Ticks: > 0 } rest)
                await Task.Delay(rest, time, either.Token);
            _groupBegan = time.GetTimestamp();
            return true;
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return false;
        }
    }
}
