using System.Diagnostics;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Queue;
using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Features.ReceiveEvent;

/// <summary>What is to be told of an event on its way into the queue: a span, a line. Lines that come with every request are few.</summary>
internal sealed class EnqueueTelemetry(GatewayTracing tracing, TimeProvider time, ILogger<EnqueueTelemetry> log)
{
    private readonly Throttle _rejections = new(time);
    private readonly Throttle _faults = new(time);

    public Activity? Begin() => tracing.Publish();

    public void Answered(AcceptedEvent e, EnqueueResult result)
    {
        if (result != EnqueueResult.NotDurable) EventsGatewayLog.Accepted(log, e, result);
        else if (_faults.Allows()) EventsGatewayLog.NotDurable(log, e.Key, TraceOf(e), "the queue did not confirm it", null);
    }

    public void Failed(AcceptedEvent e, Exception fault)
    {
        if (_faults.Allows())
            EventsGatewayLog.NotDurable(log, e.Key, TraceOf(e), fault.Message, fault is BackendUnavailableException or TimeoutException ? null : fault);
    }

    public void NotTaken(AcceptedEvent e, string reason)
    {
        if (_rejections.Allows()) EventsGatewayLog.NotTaken(log, e.Key, TraceOf(e), reason);
    }

    private static TraceId TraceOf(AcceptedEvent e) => new(e.Traceparent);
}
