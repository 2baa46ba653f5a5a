using RabbitMQ.Client;

namespace Gateway.LoadTest.Baselines;

/// <summary>
/// A quorum queue of its own, and four channels that publish to it: one is limited by its own lock, more than four brought
/// nothing on
/// 2 cores. The queue is emptied between rounds and deleted at the end, so the broker's memory stays as it was.
/// </summary>
internal sealed class PublishChannels : IAsyncDisposable
{
    private const int Channels = 4;
    private const int MostKept = 500_000;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    private readonly IConnection _connection;
    private readonly IChannel _administration;
    private readonly IChannel[] _channels;
    private readonly string _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _purging;
    private int _next;

    private PublishChannels(IConnection connection, IChannel administration, IChannel[] channels, string queue)
    {
        (_connection, _administration, _channels, _queue) = (connection, administration, channels, queue);
        _purging = PurgeAsync();
    }

    public static async Task<PublishChannels> OpenAsync(string url)
    {
        var connection = await new ConnectionFactory { Uri = new Uri(url) }.CreateConnectionAsync("gateway-load-test");
        // The client's default limiter backs off so hard near its limit that 256 publishers crawl at some hundred messages a
        // second.
        var confirmed = new CreateChannelOptions(
            publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null);
        var administration = await connection.CreateChannelAsync();
        var queue = $"gateway.load-test.{Guid.NewGuid():N}";
        await administration.QueueDeclareAsync(
            queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
        var channels = await Task.WhenAll(Enumerable.Range(0, Channels).Select(_ => connection.CreateChannelAsync(confirmed)));
        return new PublishChannels(connection, administration, channels, queue);
    }

    /// <summary>Returns when the broker has confirmed it.</summary>
    public async ValueTask PublishAsync(ReadOnlyMemory<byte> body)
    {
        var channel = _channels[(uint)Interlocked.Increment(ref _next) % Channels];
        await channel.BasicPublishAsync("", _queue, mandatory: true, new BasicProperties { Persistent = true }, body);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _purging;
        await _administration.QueueDeleteAsync(_queue);
        await _connection.DisposeAsync();
        _stop.Dispose();
    }

    /// <summary>While nothing is published; under load only when the queue would become large.</summary>
    private async Task PurgeAsync()
    {
        var (seen, purged) = (0, 0);
        using var timer = new PeriodicTimer(BetweenLooks);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                var published = Volatile.Read(ref _next);
                if (published != purged && (published == seen || published - purged > MostKept))
                {
                    await _administration.QueuePurgeAsync(_queue, CancellationToken.None);
                    purged = published;
                }

                seen = published;
            }
        }
        catch (OperationCanceledException)
        {
            // The end: the queue goes as a whole.
        }
    }
}
