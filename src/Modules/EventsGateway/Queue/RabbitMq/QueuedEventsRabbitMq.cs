using System.Threading.Channels;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Errors;
using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;

namespace Gateway.EventsGateway.Queue.RabbitMq;

/// <summary>Consumes the queue: waiting messages go to the store in one call and are acknowledged when they are stored.</summary>
internal sealed class QueuedEventsRabbitMq(
    RabbitMqConnection connection, EventTopology topology, IOptions<RabbitMqOptions> options, TimeProvider time,
    IAdditionalQueue? additional = null, StoreBinding? binding = null) : IQueuedEvents
{
    /// <summary>With <see cref="PrefetchBuffer.LongestWait"/>: a delivery is held for at most 55 s.</summary>
    private static readonly TimeSpan StoreTimeout = TimeSpan.FromSeconds(25);

    private readonly RabbitMqOptions _options = options.Value;
    private readonly TopologyDeclaration _declaration = new(connection, channel => topology.DeclareAsync(channel, binding));

    public async Task ConsumeAsync(
        Func<IReadOnlyList<AcceptedEvent>, Task> store, CancellationToken stop, Action? onStarted = null)
    {
        do await ConsumeUntilQuietAsync(store, onStarted, stop);
        while (!stop.IsCancellationRequested);
    }

    public async Task<long> CountAsync()
    {
        try
        {
            var link = await connection.OpenAsync();
            await using var channel = await link.CreateChannelAsync();
            return await channel.MessageCountAsync(_options.Queue) + (additional is null ? 0 : await additional.CountAsync(link));
        }
        catch (Exception fault)
        {
            throw RabbitMqFault.Of("the messages cannot be counted", fault);
        }
    }

    private async Task ConsumeUntilQuietAsync(
        Func<IReadOnlyList<AcceptedEvent>, Task> store, Action? onStarted, CancellationToken stop)
    {
        var link = await connection.OpenAsync();
        var buffer = new PrefetchBuffer(time);
        var own = await StartAsync(link, buffer.Writer);
        onStarted?.Invoke();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var other = additional?.ReadAsync(link, buffer.Writer, ending.Token) ?? Task.FromResult<RabbitMqConsumer?>(null);
        try
        {
            while (await buffer.WaitAsync(stop) && !buffer.HoldsTooLong)
                await StoreAsync(DeliveryBatch.TakeFrom(buffer.Reader, Decode), store);
        }
        finally
        {
            // The broker has ended a consumer: its queue may have been deleted.
            if (buffer.Reader.Completion.IsFaulted) _declaration.Reset();
            await ending.CancelAsync();
            await EndAsync(link, own, await other);
        }
    }

    private async Task<RabbitMqConsumer> StartAsync(IConnection link, ChannelWriter<RabbitMqDelivery> deliveries)
    {
        try
        {
            await _declaration.OnAsync(link);
            return await RabbitMqConsumer.StartAsync(link, _options.Queue, _options.Prefetch, deliveries, time);
        }
        catch (Exception fault)
        {
            // The broker may have registered the consumer all the same, and it would hold messages.
            if (RabbitMqFault.IsSilence(fault)) connection.Abandon(link);
            _declaration.Reset();
            throw RabbitMqFault.Of("the queue cannot be read", fault);
        }
    }

    private async Task StoreAsync(DeliveryBatch batch, Func<IReadOnlyList<AcceptedEvent>, Task> store)
    {
        var storing = store(batch.Events);
        await storing.WaitAsync(StoreTimeout, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!storing.IsCompleted) throw new BackendUnavailableException("store", $"a group was not stored within {StoreTimeout}");
        await storing;
        try
        {
            await batch.AckAsync();
        }
        catch (Exception fault)
        {
            throw RabbitMqFault.Of("stored messages cannot be acknowledged", fault);
        }
    }

    private IReadOnlyList<AcceptedEvent> Decode(RabbitMqDelivery delivery)
        => delivery.From.Queue == _options.Queue
            ? AcceptedEventEncoding.Decode(delivery.Body, time.GetUtcNow())
            : [additional!.Decode(delivery.Body)];

    private async Task EndAsync(IConnection link, params IEnumerable<RabbitMqConsumer?> consumers)
    {
        foreach (var consumer in consumers.OfType<RabbitMqConsumer>())
            if (!await consumer.CloseAsync()) connection.Abandon(link);
    }
}
