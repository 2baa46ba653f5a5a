using System.Collections.Concurrent;
using System.Diagnostics;

namespace Gateway.EventsGateway.Tests.Monitoring.EndToEnd;

/// <summary>The spans that one trace gets in this process, as whoever exports them would see them.</summary>
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

    public ActivitySpanId Courier { get; } = ActivitySpanId.CreateRandom();

    /// <summary>As a courier that traces would send it.</summary>
    public string Traceparent => $"00-{Trace}-{Courier}-01";

    public IReadOnlyList<Activity> Of(string source, ActivityKind kind)
        => [.. _ended.Where(span => span.TraceId == Trace && span.Source.Name == source && span.Kind == kind).OrderBy(span => span.StartTimeUtc)];

    /// <summary>Those of other traces that point at this one.</summary>
    public IReadOnlyList<Activity> LinkedTo(ActivitySpanId span)
        => [.. _ended.Where(other => other.Links.Any(link => link.Context.TraceId == Trace && link.Context.SpanId == span))];

    public void Dispose() => _listener.Dispose();

    // Other tests run beside this one.
    private void Keep(Activity span)
    {
        if (span.TraceId == Trace || span.Links.Any(link => link.Context.TraceId == Trace)) _ended.Enqueue(span);
    }
}
