using Gateway.EventsGateway.Entities;
using Gateway.Shared.Errors;

namespace Gateway.EventsGateway.Features.ReceiveEvent.Rejections;

/// <summary>503: an event of the request is not known to be durable; the sender has to repeat the request.</summary>
/// <param name="Event">The event; the first one if no backend was called.</param>
/// <param name="Reason">For the log.</param>
/// <param name="Fault">The fault of the backend; null if the backend was not called.</param>
internal sealed record NotDurable(AcceptedEvent Event, string Reason, Exception? Fault = null)
{
    /// <summary>An expected fault needs no stack trace in the log.</summary>
    public Exception? UnexpectedFault => Fault is BackendUnavailableException or TimeoutException ? null : Fault;

    public static NotDurable Stopping(AcceptedEvent e) => new(e, "the process is stopping");

    public static NotDurable TooManyWaiting(AcceptedEvent e) => new(e, "too many events are waiting to become durable");

    /// <summary>After any fault an event is not known to be durable.</summary>
    public static NotDurable By(Exception fault, AcceptedEvent e) => new(e, fault.Message, fault);

    public static NotDurable Unconfirmed(AcceptedEvent e)
        => By(new BackendUnavailableException("queue", "did not confirm the event"), e);
}
