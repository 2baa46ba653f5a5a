using System.Threading.Channels;
using Gateway.Shared.RabbitMq;

namespace Gateway.EventsGateway.Queue;

/// <summary>What the broker has handed over and nobody has taken yet. While it is empty it makes sure that somebody reads.</summary>
internal sealed class InboxRabbitMq(TimeProvider time)
{
    /// <summary>
    /// After so long without a message the broker is asked whether it still knows that we read: RabbitMQ 3.10 was seen to
    /// say nothing to the consumer of a queue that was deleted and at once declared again, and its messages lay unread.
    /// Two such answers in a row count.
    /// </summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private readonly Channel<RabbitMqDelivery> _channel = Channel.CreateUnbounded<RabbitMqDelivery>(new UnboundedChannelOptions { SingleReader = true });

    public ChannelWriter<RabbitMqDelivery> Writer => _channel.Writer;

    public ChannelReader<RabbitMqDelivery> Reader => _channel.Reader;

    /// <summary>
    /// Then it is read anew, by a channel of its own: the broker was also seen to count a reader whom it sent nothing.
    /// </summary>
    private const int LongestQuiet = 3;

    /// <summary>False when told to stop, or quiet for long. A consumer that has not begun, or never will, is not asked about.</summary>
    public async Task<bool> HasMoreAsync(IReadOnlyList<Task<RabbitMqConsumer?>> consumers, CancellationToken stop)
    {
        for (var looks = 0; looks < LongestQuiet && !stop.IsCancellationRequested; looks++)
        {
            using var quiet = new CancellationTokenSource(Quiet, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(quiet.Token, stop);
            try
            {
                return await Reader.WaitToReadAsync(either.Token);
            }
            catch (OperationCanceledException)
            {
                if (!stop.IsCancellationRequested) await CheckAsync(consumers);
            }
        }

        // Between two groups: nothing is half done.
        return false;
    }

    private static async Task CheckAsync(IReadOnlyList<Task<RabbitMqConsumer?>> consumers)
    {
        try
        {
            foreach (var begun in consumers.Where(consumer => consumer.IsCompletedSuccessfully))
                if (await begun is { } consumer) await consumer.CheckAsync();
        }
        catch (Exception fault)
        {
            throw RabbitMqFault.Of("it is not known whether the queue is read", fault);
        }
    }
}
