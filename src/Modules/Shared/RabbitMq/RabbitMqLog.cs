using Gateway.Shared.Errors;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace Gateway.Shared.RabbitMq;

/// <summary>Log messages of a connection; event ids 130-139.</summary>
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

    [LoggerMessage(130, LogLevel.Information, "RabbitMQ connection '{Connection}' opened to {Host}:{Port}")]
    public static partial void Connected(ILogger log, OutsideText connection, OutsideText host, int port);

    [LoggerMessage(131, LogLevel.Error, "Cannot connect to RabbitMQ ({Connection}): {Error}; reconnecting on demand")]
    public static partial void NoConnection(ILogger log, OutsideText connection, OutsideText error);

    [LoggerMessage(132, LogLevel.Warning, "RabbitMQ connection '{Connection}' lost: {Reason}")]
    private static partial void Lost(ILogger log, OutsideText connection, OutsideText reason);

    [LoggerMessage(133, LogLevel.Warning, "RabbitMQ connection '{Connection}' does not answer or confirm and is replaced")]
    public static partial void Abandoned(ILogger log, OutsideText connection);

    [LoggerMessage(134, LogLevel.Warning, "RabbitMQ broker blocks publishing on connection '{Connection}': {Reason}")]
    private static partial void Blocked(ILogger log, OutsideText connection, OutsideText reason);

    [LoggerMessage(135, LogLevel.Information, "RabbitMQ broker accepts messages on connection '{Connection}' again")]
    private static partial void Unblocked(ILogger log, OutsideText connection);
}
