using Gateway.Shared.Errors;
using RabbitMQ.Client.Exceptions;

namespace Gateway.Shared.RabbitMq;

/// <summary>The driver's exceptions as messages for operators.</summary>
public static class RabbitMqFault
{
    private const string Backend = "rabbitmq";

    public static BackendUnavailableException Of(string what) => new(Backend, what);

    public static BackendUnavailableException Of(string what, Exception fault)
        => fault as BackendUnavailableException ?? new BackendUnavailableException(Backend, $"{what}: {TextOf(fault)}", fault);

    /// <summary>The broker did not answer.</summary>
    public static bool IsSilence(Exception fault) => fault is TimeoutException or OperationCanceledException;

    /// <summary>The broker's own text if there is one: a 406 names queue and argument.</summary>
    public static string TextOf(Exception fault) => fault switch
    {
        OperationInterruptedException { ShutdownReason: { } reason } => reason.ReplyText,
        _ when IsSilence(fault) => "no answer in time",
        _ when fault.GetBaseException() is { } cause && cause != fault => TextOf(cause),
        _ => fault.Message,
    };
}
