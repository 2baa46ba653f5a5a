using System.Diagnostics.Metrics;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>
/// Every number that this module tells, once: exporters and the console read the same instruments. Names and units are
/// public (docs/operations/metrics.md); seconds are <c>s</c>, counted things stand in braces (UCUM, as OpenTelemetry asks).
/// </summary>
internal sealed class GatewayMetrics
{
    public const string MeterName = "Gateway.EventsGateway";

    public const string Accepted = "gateway.events.accepted";
    public const string Duplicates = "gateway.events.duplicate";
    public const string Conflicts = "gateway.events.conflict";
    public const string Rejected = "gateway.requests.rejected";
    public const string AcceptDuration = "gateway.accept.duration";
    public const string GroupSize = "gateway.group.size";
    public const string AttemptDuration = "gateway.attempt.duration";
    public const string Settled = "gateway.events.settled";
    public const string Retries = "gateway.retries";
    public const string DeadLetters = "gateway.dead_letters";
    public const string Replayed = "gateway.events.replayed";
    public const string Erased = "gateway.events.erased";
    public const string Purged = "gateway.events.purged";
    public const string Pending = "gateway.events.pending";
    public const string OldestPending = "gateway.events.oldest_pending.age";
    public const string QueueDepth = "gateway.queue.depth";
    public const string InFlight = "gateway.attempts.in_flight";
    public const string Slots = "gateway.attempts.limit";
    public const string CircuitState = "gateway.circuit.state";
    public const string BackendUp = "gateway.backend.up";
    public const string Ready = "gateway.ready";
    public const string LagExceeded = "gateway.lag.exceeded";

    private static readonly double[] AcceptSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
    private static readonly double[] AttemptSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
    private static readonly int[] GroupSizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

    private readonly Counter<long> _accepted, _duplicates, _conflicts, _rejected, _settled, _retries, _deadLetters, _replayed, _erased, _purged;
    private readonly Histogram<double> _accept, _attempt;
    private readonly Histogram<int> _groups;

    public GatewayMetrics(IMeterFactory meters)
    {
        Meter = meters.Create(MeterName);
        _accepted = Meter.CreateCounter<long>(Accepted, "{event}", "Events that were answered 202 and not seen before");
        _duplicates = Meter.CreateCounter<long>(Duplicates, "{event}", "Events that were answered 202 and seen before");
        _conflicts = Meter.CreateCounter<long>(Conflicts, "{event}", "Events that came again with another body");
        _rejected = Meter.CreateCounter<long>(Rejected, "{request}", "Webhooks that were not accepted");
        _settled = Meter.CreateCounter<long>(Settled, "{event}", "Events that were processed or have failed");
        _retries = Meter.CreateCounter<long>(Retries, "{attempt}", "Attempts that failed and come again");
        _deadLetters = Meter.CreateCounter<long>(DeadLetters, "{event}", "Copies that the dead-letter queue has confirmed");
        _replayed = Meter.CreateCounter<long>(Replayed, "{event}", "Failed events that an operator has replayed");
        _erased = Meter.CreateCounter<long>(Erased, "{event}", "Events that were erased on an operator's order");
        _purged = Meter.CreateCounter<long>(Purged, "{event}", "Events of which retention has left a tombstone");
        _accept = Seconds(AcceptDuration, "From the first byte of a webhook to its answer", AcceptSeconds);
        _attempt = Seconds(AttemptDuration, "One attempt, from its claim to its result", AttemptSeconds);
        _groups = Meter.CreateHistogram(
            GroupSize, "{item}", "Items that were made durable in one step", tags: null, new InstrumentAdvice<int> { HistogramBucketBoundaries = GroupSizes });
    }

    /// <summary>One per host: tests run several in one process.</summary>
    public Meter Meter { get; }

    /// <summary>Before the first of a kind there is a 0, not nothing: the rate of a first one is seen only from there.</summary>
    public void BeginAtZero()
    {
        foreach (var counter in new[] { _accepted, _duplicates, _conflicts, _replayed, _erased, _purged }) counter.Add(0);
        foreach (var reason in RejectionReason.All) _rejected.Add(0, new KeyValuePair<string, object?>("reason", reason));
    }

    public void AddAccepted(TimeSpan took)
    {
        _accepted.Add(1);
        RecordAccept("accepted", took);
    }

    public void AddDuplicate(TimeSpan took)
    {
        _duplicates.Add(1);
        RecordAccept("duplicate", took);
    }

    public void AddRejected(string reason, TimeSpan took)
    {
        _rejected.Add(1, new KeyValuePair<string, object?>("reason", reason));
        RecordAccept(reason == RejectionReason.Unavailable ? reason : "rejected", took);
    }

    public void AddConflict() => _conflicts.Add(1);

    public void RecordGroup(string group, int size) => _groups.Record(size, new KeyValuePair<string, object?>("group", group));

    public void RecordAttempt(string result, TimeSpan took)
        => _attempt.Record(took.TotalSeconds, new KeyValuePair<string, object?>("result", result));

    public void AddSettled(string status, string? outcome)
        => _settled.Add(1, new KeyValuePair<string, object?>("status", status), new KeyValuePair<string, object?>("outcome", outcome));

    public void AddRetry(string result) => _retries.Add(1, new KeyValuePair<string, object?>("result", result));

    public void AddDeadLetter(string? outcome) => _deadLetters.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void AddReplayed(long events) => _replayed.Add(events);

    public void AddErased(long events) => _erased.Add(events);

    public void AddPurged(long events) => _purged.Add(events);

    private void RecordAccept(string result, TimeSpan took)
        => _accept.Record(took.TotalSeconds, new KeyValuePair<string, object?>("result", result));

    private Histogram<double> Seconds(string name, string description, double[] upTo)
        => Meter.CreateHistogram(name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = upTo });
}
