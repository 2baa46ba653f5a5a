using System.Collections.Concurrent;
using System.Diagnostics;

namespace Gateway.EventsGateway.Tests.Monitoring.EndToEnd;

/// <summary>The spans of one trace in this process, as an exporter sees them.</summary>
internal sealed class Spans : IDisposable
{
    private static readonly string[] Sources = ["Gateway.EventsGateway", "Microsoft.AspNetCore", "System.Net.Http"];

    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivityListener _listener;

    public Spans()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => Sources.Contains(source.Name),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = Keep,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public ActivityTraceId Trace { get; } = ActivityTraceId.CreateRandom();

    public ActivitySpanId Sender { get; } = ActivitySpanId.CreateRandom();

    /// <summary>The header that a sender with tracing adds.</summary>
    public string Traceparent => $"00-{Trace}-{Sender}-01";

    public IReadOnlyList<Activity> Of(string source, ActivityKind kind)
        => [.. _ended.Where(span => span.TraceId == Trace && span.Source.Name == source && span.Kind == kind)
            .OrderBy(span => span.StartTimeUtc)];

    /// <summary>Spans of other traces that link to this one.</summary>
    public IReadOnlyList<Activity> LinkedTo(ActivitySpanId span)
        => [.. _ended.Where(other => other.Links.Any(link => link.Context.TraceId == Trace && link.Context.SpanId == span))];

    public void Dispose() => _listener.Dispose();

    // Other tests run in the same process.
    private void Keep(Activity span)
    {
        if (span.TraceId == Trace || span.Links.Any(link => link.Context.TraceId == Trace)) _ended.Enqueue(span);
    }
}
