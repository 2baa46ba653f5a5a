using System.Diagnostics;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Errors;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>The queue in the terms of OpenTelemetry's messaging conventions.</summary>
internal sealed record QueueNames(string System, string Destination);

/// <summary>
/// One trace per event with the spans publish (ingest), receive (queue reader) and process (each attempt). The event carries the
/// trace context. Without a listener no span is created.
/// </summary>
internal sealed class GatewayTracing(QueueNames queue)
{
    /// <summary>OpenTelemetry's default limit of links per span.</summary>
    private const int MaxLinks = 128;

    private static readonly ActivitySource Source = new(GatewayMetrics.MeterName);

    private readonly string _publish = $"publish {queue.Destination}";
    private readonly string _receive = $"receive {queue.Destination}";
    private readonly string _process = $"process {queue.Destination}";

    /// <summary>Of a verified request: from here on the sampling flag of its sender counts.</summary>
    public Activity? Publish(string? sent)
    {
        if (!Source.HasListeners()) return null;
        var (request, sender) = (Activity.Current, ContextOf(sent));
        var parent = request is null
            ? default
            : new ActivityContext(
                request.TraceId, request.SpanId,
                request.TraceId == sender.TraceId ? sender.TraceFlags : request.ActivityTraceFlags, request.TraceStateString);
        var span = Named(Source.StartActivity(_publish, ActivityKind.Producer, parent), "publish", "send");
        // Neither are those that follow: of the request itself, whose context the event carries where there is no span.
        if (span is not { Recorded: true } && request is not null) request.ActivityTraceFlags = ActivityTraceFlags.None;
        return span;
    }

    public Activity? Receive(IReadOnlyList<AcceptedEvent> group)
    {
        if (!Source.HasListeners()) return null;
        var links = group.Select(e => ContextOf(e.Traceparent)).Where(context => context != default).Take(MaxLinks)
            .Select(context => new ActivityLink(context));
        var span = Source.StartActivity(_receive, ActivityKind.Consumer, parentContext: default, links: links);
        return Named(span, "receive", "receive")?.SetTag("messaging.batch.message_count", group.Count);
    }

    public Activity? Process(EventEntity e)
        => Source.HasListeners()
            ? Named(Source.StartActivity(_process, ActivityKind.Consumer, ContextOf(e.Traceparent)), "process", "process")
                ?.SetTag("gateway.event.key", e.Key.ToString())
                .SetTag("gateway.shipment.id", e.ShipmentId)
                .SetTag("gateway.event.generation", e.Generation)
                .SetTag("gateway.attempt.number", e.Tries + 1)
            : null;

    private static ActivityContext ContextOf(string? traceparent)
        => ActivityContext.TryParse(traceparent, null, isRemote: true, out var context) ? context : default;

    private Activity? Named(Activity? span, string operation, string type)
        => span?.SetTag("messaging.system", queue.System)
            .SetTag("messaging.destination.name", queue.Destination)
            .SetTag("messaging.operation.name", operation)
            .SetTag("messaging.operation.type", type);
}

/// <summary>The trace id of an event for log lines, or a dash.</summary>
internal readonly record struct TraceId(string? Traceparent)
{
    public static implicit operator OutsideText(TraceId id) => new(id.ToString());

    // 00-<32 digits>-<16 digits>-<2 digits> (W3C Trace Context).
    public override string ToString() => Traceparent is { Length: >= 55 } text ? text[3..35] : "-";
}
