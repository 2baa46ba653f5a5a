using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.Options;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Gateway.EventsGateway.Queue.RabbitMq;

/// <param name="IdAsync">The id that the store got when it was first used.</param>
internal sealed record StoreIdentity(Func<Task<string>> IdAsync);

/// <summary>
/// Binds the queue to one store: two gateways with different stores on one queue would take each other's events. The first worker
/// declares an exchange that has the store's id as an argument; RabbitMQ answers 406 to a declaration with another one. Nothing
/// is published to that exchange.
/// </summary>
internal sealed class StoreBinding(IOptions<RabbitMqOptions> options, StoreIdentity store)
{
    private const ushort PreconditionFailed = 406;

    // The only argument of an exchange that RabbitMQ compares. There need be no exchange of that name.
    private const string ComparedArgument = "alternate-exchange";

    private readonly string _queue = options.Value.Queue;
    private volatile string? _fault;

    /// <summary>Why this process must not use the queue; null while nothing is known against it.</summary>
    public string? Fault => _fault;

    public async Task EnsureAsync(IChannel channel)
    {
        var id = await store.IdAsync();
        try
        {
            await channel.ExchangeDeclareAsync(
                $"{_queue}.store", ExchangeType.Fanout, durable: true, autoDelete: false,
                new Dictionary<string, object?> { [ComparedArgument] = $"store-{id}" });
            _fault = null;
        }
        catch (OperationInterruptedException conflict) when (conflict.ShutdownReason?.ReplyCode == PreconditionFailed)
        {
            _fault = $"queue '{_queue}' belongs to another store than this one ({id}); use another queue, or, if the store was "
                + $"replaced on purpose, delete the exchange '{_queue}.store'";
            throw RabbitMqFault.Of(_fault);
        }
    }
}
