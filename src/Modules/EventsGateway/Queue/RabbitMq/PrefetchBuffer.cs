using System.Threading.Channels;
using Gateway.Shared.RabbitMq;

namespace Gateway.EventsGateway.Queue.RabbitMq;

/// <summary>What the broker has handed over and nobody has taken yet.</summary>
internal sealed class PrefetchBuffer(TimeProvider time)
{
    /// <summary>
    /// After so long without a message the queue is read anew, by a channel of its own. RabbitMQ 3.10 was seen to say nothing
    /// to the reader of a queue that was deleted and at once declared again, and even to count him, while its messages lay
    /// unread.
    /// </summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(15);

    private readonly Channel<RabbitMqDelivery> _channel = Channel.CreateUnbounded<RabbitMqDelivery>(new UnboundedChannelOptions { SingleReader = true });

    public ChannelWriter<RabbitMqDelivery> Writer => _channel.Writer;

    public ChannelReader<RabbitMqDelivery> Reader => _channel.Reader;

    /// <summary>False when told to stop, or after a quiet time: between two groups, so nothing is half done.</summary>
    public async Task<bool> HasMoreAsync(CancellationToken stop)
    {
        using var quiet = new CancellationTokenSource(Quiet, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, stop);
        try
        {
            return await Reader.WaitToReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return false;
        }
    }
}
