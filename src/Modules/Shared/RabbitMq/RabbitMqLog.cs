using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Gateway.Shared.RabbitMq;

/// <summary>What a connection can log.</summary>
internal static partial class RabbitMqLog
{
    public static void Flow(ILogger log, string name, string? blocked)
    {
        if (blocked is null) Unblocked(log, name);
        else Blocked(log, name, blocked);
    }

    public static Task Ended(ILogger log, string name, ShutdownEventArgs end)
    {
        if (end.Initiator != ShutdownInitiator.Application) Lost(log, name, end.ReplyText);
        return Task.CompletedTask;
    }

    [LoggerMessage(120, LogLevel.Information, "rabbitmq: {Name} is connected to {Host}:{Port}")]
    public static partial void Connected(ILogger log, string name, string host, int port);

    [LoggerMessage(121, LogLevel.Error, "{Fault} ({Name}); asked again whenever it is needed, told once")]
    public static partial void NoConnection(ILogger log, string name, string fault);

    [LoggerMessage(122, LogLevel.Warning, "rabbitmq: {Name} lost its connection: {Reason}")]
    private static partial void Lost(ILogger log, string name, string reason);

    [LoggerMessage(123, LogLevel.Warning, "rabbitmq: the connection of {Name} does not answer and is replaced")]
    public static partial void Abandoned(ILogger log, string name);

    [LoggerMessage(124, LogLevel.Warning, "rabbitmq: the broker takes nothing from {Name}: {Reason}")]
    private static partial void Blocked(ILogger log, string name, string reason);

    [LoggerMessage(125, LogLevel.Information, "rabbitmq: the broker takes messages from {Name} again")]
    private static partial void Unblocked(ILogger log, string name);
}
