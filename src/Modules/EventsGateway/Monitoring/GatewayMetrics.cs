using System.Diagnostics.Metrics;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>
/// All instruments of this module; exporters and the console read the same ones. Names and units are public
/// (docs/operations/metrics.md). Units are UCUM as OpenTelemetry requires: <c>s</c> for seconds, braces for counted things.
/// </summary>
internal sealed class GatewayMetrics
{
    public const string MeterName = "Gateway.EventsGateway";

    /// <summary>The source of requests that reached none.</summary>
    public const string NoSource = "none";

    public const string Accepted = "gateway.events.accepted";
    public const string Duplicates = "gateway.events.duplicate";
    public const string Conflicts = "gateway.events.conflict";
    public const string ImplausibleTimes = "gateway.events.implausible_time";
    public const string Skipped = "gateway.events.skipped";
    public const string Unmapped = "gateway.events.unmapped";
    public const string Handshakes = "gateway.requests.handshake";
    public const string Rejected = "gateway.requests.rejected";
    public const string AcceptDuration = "gateway.accept.duration";
    public const string GroupSize = "gateway.group.size";
    public const string AttemptDuration = "gateway.attempt.duration";
    public const string Settled = "gateway.events.settled";
    public const string Retries = "gateway.retries";
    public const string DeadLetters = "gateway.dead_letters";
    public const string Replayed = "gateway.events.replayed";
    public const string Dismissed = "gateway.events.dismissed";
    public const string Erased = "gateway.events.erased";
    public const string Purged = "gateway.events.purged";
    public const string Pending = "gateway.events.pending";
    public const string OldestPending = "gateway.events.oldest_pending.age";
    public const string QueueDepth = "gateway.queue.depth";
    public const string InFlight = "gateway.attempts.in_flight";
    public const string Slots = "gateway.attempts.limit";
    public const string CircuitState = "gateway.circuit.state";
    public const string OpenMerchants = "gateway.circuit.open_merchants";
    public const string BackendUp = "gateway.backend.up";
    public const string Ready = "gateway.ready";
    public const string Processes = "gateway.processes";
    public const string LagExceeded = "gateway.lag.exceeded";
    public const string RejectedKeys = "gateway.operator.rejected_keys";
    public const string AlertsWaiting = "gateway.alerts.waiting";
    public const string SourceFailures = "gateway.source.failures_in_a_row";
    public const string SourceSilence = "gateway.source.silence";
    public const string SourceSilenceLimit = "gateway.source.silence_limit";

    private static readonly double[] AcceptSeconds =
        [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private static readonly double[] AttemptSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
    private static readonly int[] GroupSizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

    private readonly Counter<long> _accepted, _duplicates, _conflicts, _rejected, _settled, _retries, _deadLetters;
    private readonly Counter<long> _replayed, _dismissed, _erased, _purged, _implausibleTimes, _skipped, _unmapped, _handshakes;
    private readonly Histogram<double> _accept, _attempt;
    private readonly Histogram<int> _groups;

    public GatewayMetrics(IMeterFactory meters)
    {
        Meter = meters.Create(MeterName);
        _accepted = Meter.CreateCounter<long>(Accepted, "{event}", "New events that were answered with success");
        _duplicates = Meter.CreateCounter<long>(Duplicates, "{event}", "Duplicate events that were answered with success");
        _conflicts = Meter.CreateCounter<long>(Conflicts, "{event}", "Events that were sent again with another body");
        _implausibleTimes = Meter.CreateCounter<long>(
            ImplausibleTimes, "{event}", "Accepted events whose occurredAt is too far from their receipt to be true");
        _skipped = Meter.CreateCounter<long>(Skipped, "{event}", "Events that the settings of their source leave out");
        _unmapped = Meter.CreateCounter<long>(Unmapped, "{event}", "Events that were kept because they could not be mapped");
        _handshakes = Meter.CreateCounter<long>(Handshakes, "{request}", "Handshakes that were answered");
        _rejected = Meter.CreateCounter<long>(Rejected, "{request}", "Webhook requests that were not accepted");
        _settled = Meter.CreateCounter<long>(Settled, "{event}", "Events that were processed or failed");
        _retries = Meter.CreateCounter<long>(Retries, "{attempt}", "Failed attempts for which a retry is scheduled");
        _deadLetters = Meter.CreateCounter<long>(DeadLetters, "{event}", "Failed events that the dead-letter queue confirmed");
        _replayed = Meter.CreateCounter<long>(Replayed, "{event}", "Events that an operator replayed");
        _dismissed = Meter.CreateCounter<long>(Dismissed, "{event}", "Events that an operator dismissed");
        _erased = Meter.CreateCounter<long>(Erased, "{event}", "Events that an operator erased");
        _purged = Meter.CreateCounter<long>(Purged, "{event}", "Processed events that retention purged");
        _accept = Seconds(AcceptDuration, "From the start of a webhook request to its answer", AcceptSeconds);
        _attempt = Seconds(AttemptDuration, "One attempt, from its claim to its result", AttemptSeconds);
        _groups = Meter.CreateHistogram(
            GroupSize, "{item}", "Items that were committed together", tags: null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = GroupSizes });
    }

    /// <summary>One per host: tests run several in one process.</summary>
    public Meter Meter { get; }

    /// <summary>Reports a 0 for each counter: without it a rate() does not see the first increment.</summary>
    public void BeginAtZero()
    {
        Counter<long>[] counters = [_replayed, _dismissed, _erased, _purged, _implausibleTimes];
        foreach (var counter in counters) counter.Add(0);
        BeginAtZero(CanonicalEvent.BuiltInSource);
    }

    public void BeginAtZero(string source)
    {
        Counter<long>[] counters = [_accepted, _duplicates, _conflicts, _skipped, _unmapped, _handshakes];
        foreach (var counter in counters) counter.Add(0, Tag("source", source));
        foreach (var reason in RejectionReason.Counted) _rejected.Add(0, Tag("reason", reason), Tag("source", source));
    }

    public void AddAccepted(string source) => _accepted.Add(1, Tag("source", source));

    public void AddDuplicate(string source) => _duplicates.Add(1, Tag("source", source));

    public void AddConflict(string source) => _conflicts.Add(1, Tag("source", source));

    public void AddSkipped(string source, long events) => _skipped.Add(events, Tag("source", source));

    public void AddUnmapped(string source, long events) => _unmapped.Add(events, Tag("source", source));

    public void AddHandshake(string source) => _handshakes.Add(1, Tag("source", source));

    /// <param name="reason">One of <see cref="RejectionReason"/>.</param>
    /// <param name="source">Null where the request reached no source.</param>
    public void AddRejected(string reason, string? source)
        => _rejected.Add(1, Tag("reason", reason), Tag("source", source ?? NoSource));

    /// <param name="result"><c>accepted</c>, <c>duplicate</c>, <c>rejected</c> or <c>unavailable</c>.</param>
    /// <param name="took">From the start of the request.</param>
    public void RecordAccept(string result, TimeSpan took)
        => _accept.Record(took.TotalSeconds, Tag("result", result));

    public void AddImplausibleTime() => _implausibleTimes.Add(1);

    public void RecordGroup(string group, int size) => _groups.Record(size, Tag("group", group));

    public void RecordAttempt(string result, TimeSpan took)
        => _attempt.Record(took.TotalSeconds, Tag("result", result));

    public void AddSettled(string status, string? outcome, string source)
        => _settled.Add(1, Tag("status", status), Tag("outcome", outcome), Tag("source", source));

    public void AddRetry(string result) => _retries.Add(1, Tag("result", result));

    public void AddDeadLetter(string? outcome) => _deadLetters.Add(1, Tag("outcome", outcome));

    public void AddReplayed(long events) => _replayed.Add(events);

    public void AddDismissed(long events) => _dismissed.Add(events);

    public void AddErased(long events) => _erased.Add(events);

    public void AddPurged(long events) => _purged.Add(events);

    private static KeyValuePair<string, object?> Tag(string name, object? value) => new(name, value);

    private Histogram<double> Seconds(string name, string description, double[] upTo)
        => Meter.CreateHistogram(
            name, "s", description, tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = upTo });
}
