using RabbitMQ.Client;

namespace Gateway.LoadTest.Generate.Baselines;

/// <summary>
/// A temporary quorum queue and four channels that publish to it. The lock of a single channel limits the rate; more than four
/// gained nothing on 2 cores. The queue is purged between rounds and deleted at the end, so it leaves no messages in the broker.
/// </summary>
internal sealed class PublishChannels : IAsyncDisposable
{
    private const int ChannelCount = 4;
    private const int MaxQueueLength = 500_000;
    private static readonly TimeSpan PurgeInterval = TimeSpan.FromSeconds(1);

    private readonly IConnection _connection;
    private readonly IChannel _management;
    private readonly IChannel[] _channels;
    private readonly string _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _purging;
    private int _next;

    private PublishChannels(IConnection connection, IChannel management, IChannel[] channels, string queue)
    {
        (_connection, _management, _channels, _queue) = (connection, management, channels, queue);
        _purging = PurgeAsync();
    }

    public static async Task<PublishChannels> OpenAsync(string url)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(url) }.CreateConnectionAsync("gateway-load-test");
        // The default rate limiter of the client slows 256 publishers down to a few hundred messages per second.
        var confirmed = new CreateChannelOptions(
            publisherConfirmationsEnabled: true,
            publisherConfirmationTrackingEnabled: true,
            outstandingPublisherConfirmationsRateLimiter: null);
        var management = await connection.CreateChannelAsync();
        var queue = $"gateway.load-test.{Guid.NewGuid():N}";
        await management.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        var channels = await Task.WhenAll(
            Enumerable.Range(0, ChannelCount).Select(_ => connection.CreateChannelAsync(confirmed)));
        return new PublishChannels(connection, management, channels, queue);
    }

    /// <summary>Returns after the publisher confirm.</summary>
    public async ValueTask PublishAsync(ReadOnlyMemory<byte> body)
    {
        var channel = _channels[(uint)Interlocked.Increment(ref _next) % ChannelCount];
        await channel.BasicPublishAsync("", _queue, mandatory: true, new BasicProperties { Persistent = true }, body);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _purging;
        await _management.QueueDeleteAsync(_queue);
        await _connection.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>Purges the queue when publishing pauses or, under load, when the queue is long.</summary>
    private async Task PurgeAsync()
    {
        var (previous, purged) = (0, 0);
        using var timer = new PeriodicTimer(PurgeInterval);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var published = Volatile.Read(ref _next);
                if (published != purged && (published == previous || published - purged > MaxQueueLength))
                {
                    await _management.QueuePurgeAsync(_queue, CancellationToken.None);
                    purged = published;
                }

                previous = published;
            }
        }
        catch (OperationCanceledException)
        {
            // DisposeAsync deletes the queue.
        }
    }
}
