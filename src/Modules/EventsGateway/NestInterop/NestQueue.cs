using System.Threading.Channels;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Queue.RabbitMq;
using Gateway.Shared.RabbitMq;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace Gateway.EventsGateway.NestInterop;

/// <summary>
/// The queue of the NestJS original, read beside our own during the cut-over. The original declares it. While it does not
/// exist, the worker looks for it again every ten seconds and reads our own.
/// </summary>
internal sealed class NestQueue(RabbitMqOptions options, TimeProvider time, ILogger<NestQueue> log) : IAdditionalQueue
{
    /// <summary>Its messages hold one event each.</summary>
    private const int Prefetch = 100;

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    private bool _isAbsenceLogged;

    private RabbitMqConsumer? _consumer;

    /// <summary>Consumers of this process.</summary>
    public int Readers => _consumer?.Channel.IsOpen == true ? 1 : 0;

    private bool IsRead => options.NestQueue.Length > 0;

    public async Task<RabbitMqConsumer?> ReadAsync(
        IConnection link, ChannelWriter<RabbitMqDelivery> inbox, CancellationToken ending)
    {
        while (IsRead && !ending.IsCancellationRequested)
        {
            try
            {
                return _consumer = await RabbitMqConsumer.StartAsync(link, options.NestQueue, Prefetch, inbox, time);
            }
            catch (OperationInterruptedException missing) when (IsNotFound(missing))
            {
                if (!_isAbsenceLogged) OperationsLog.NestQueueAbsent(log, options.NestQueue);
                _isAbsenceLogged = true;
            }
            catch (Exception fault)
            {
                inbox.TryComplete(RabbitMqFault.Of($"queue '{options.NestQueue}' cannot be read", fault));
                return null;
            }

            await Task.Delay(LookAgain, time, ending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return null;
    }

    public async Task<long> CountAsync(IConnection link)
    {
        if (!IsRead) return 0;
        await using var channel = await link.CreateChannelAsync();
        try
        {
            return await channel.MessageCountAsync(options.NestQueue);
        }
        catch (OperationInterruptedException missing) when (IsNotFound(missing))
        {
            return 0;
        }
    }

    public AcceptedEvent Decode(byte[] message) => NestEnvelope.Read(message, time.GetUtcNow());

    private static bool IsNotFound(OperationInterruptedException fault) => fault.ShutdownReason?.ReplyCode == Constants.NotFound;
}
