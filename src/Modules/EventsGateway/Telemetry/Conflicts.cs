using Gateway.EventsGateway.Queue;
using Gateway.Shared;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Telemetry;

/// <summary>The same key with another body, wherever that is noticed: all are counted, one in a second is told.</summary>
internal sealed class Conflicts(GatewayMetrics metrics, TimeProvider time, ILogger<Conflicts> log)
{
    private readonly LogLimiter _lines = new(time);

    public void Add(AcceptedEvent e)
    {
        metrics.AddConflict();
        if (_lines.Allows()) EventsGatewayLog.Conflict(log, e.Key, new TraceId(e.Traceparent));
    }
}
