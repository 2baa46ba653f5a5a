using System.Diagnostics.Metrics;
using Gateway.EventsGateway.Entities;
using Gateway.EventsGateway.Monitoring.History;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>The counters of this process since its start.</summary>
internal readonly record struct LiveTotals(
    long Accepted, long Duplicate, long Rejected, long Unavailable, long Processed, long Failed, long Retries);

/// <summary>Settled events, and those of them that were not routed because their shipment had ended.</summary>
internal readonly record struct LiveOutcomes(long Settled, long Unrouted);

/// <summary>
/// Reads the metrics of this process for the console and the log, from the same instruments as every exporter. It listens to the
/// meter of its own host only, because tests run several hosts in one process.
/// </summary>
internal sealed class LiveMetrics : IDisposable
{
    // Rejections are quick and would hide slow ingest, so they are counted but not timed.
    private readonly LiveDurations _accept = new("accepted", "duplicate");
    private readonly LiveDurations _attempt = new();
    private readonly LiveCounter _retries = new(), _implausibleTimes = new();
    private readonly LiveCounterBy _accepted = new(), _duplicates = new(), _conflicts = new();
    private readonly LiveCounterBy _rejected = new("reason"), _settled = new("status"), _outcomes = new("outcome");
    private readonly LiveGauge _inFlight = new(), _slots = new();
    private readonly MeterListener _listener = new();

    public LiveMetrics(GatewayMetrics metrics)
    {
        var instruments = new Dictionary<string, LiveInstrument>
        {
            [GatewayMetrics.Accepted] = _accepted,
            [GatewayMetrics.Duplicates] = _duplicates,
            [GatewayMetrics.Conflicts] = _conflicts,
            [GatewayMetrics.Retries] = _retries,
            [GatewayMetrics.ImplausibleTimes] = _implausibleTimes,
            [GatewayMetrics.Rejected] = _rejected,
            [GatewayMetrics.Settled] = new LiveInstruments(_settled, _outcomes),
            [GatewayMetrics.AcceptDuration] = _accept,
            [GatewayMetrics.AttemptDuration] = _attempt,
            [GatewayMetrics.InFlight] = _inFlight,
            [GatewayMetrics.Slots] = _slots,
        };
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter) && instruments.TryGetValue(instrument.Name, out var ours))
                listener.EnableMeasurementEvents(instrument, ours);
        };
        _listener.SetMeasurementEventCallback<int>((_, value, tags, ours) => ((LiveInstrument)ours!).Record(value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, ours) => ((LiveInstrument)ours!).Record(value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, ours) => ((LiveInstrument)ours!).Record(value, tags));
        _listener.Start();
    }

    public LiveTotals Totals
    {
        get
        {
            var byReason = _rejected.Totals;
            var unavailable = byReason.GetValueOrDefault(RejectionReason.Unavailable);
            return new LiveTotals(
                _accepted.Total, _duplicates.Total, byReason.Values.Sum() - unavailable, unavailable,
                _settled["processed"], _settled["failed"], _retries.Total);
        }
    }

    public LiveOutcomes Outcomes => new(
        _settled["processed"] + _settled["failed"], _outcomes[EventOutcome.Late] + _outcomes[FailureReason.ShipmentEnded.Text()]);

    public IReadOnlyDictionary<string, long> RejectedByReason => _rejected.Totals;

    /// <summary>Without those of ended shipments, which their sender causes.</summary>
    public IEnumerable<(string Outcome, string Source, long Total)> Failures => _outcomes.BySource.Where(
        one => one.Value != FailureReasonText.ShipmentEnded && FailureReasonText.All.Contains(one.Value));

    public long ImplausibleTimes => _implausibleTimes.Total;

    /// <summary>Of accepted requests and duplicates.</summary>
    public LatencyBuckets Accepts => _accept.Buckets;

    public LatencyBuckets Attempts => _attempt.Buckets;

    /// <summary>The counters since the start that the history keeps, by their series.</summary>
    public IEnumerable<(SeriesKey Key, long Total)> Series =>
    [
        .. Of("accepted", _accepted), .. Of("duplicates", _duplicates), .. Of("rejected", _rejected), .. Of("outcome", _outcomes),
        .. _conflicts.BySource.Select(one => (new SeriesKey("rejected", RejectionReason.Conflict, one.Source), one.Total)),
        (new SeriesKey("retries"), _retries.Total),
    ];

    public long InFlight => (long)_inFlight.Latest;

    public long Slots => (long)_slots.Latest;

    /// <summary>The 50th, 95th and 99th percentile of the accept duration since the last call, in milliseconds.</summary>
    public double?[] NextAcceptPercentiles() => _accept.Buckets.Next(0.5, 0.95, 0.99);

    /// <summary>The 50th and 99th percentile of the attempt duration since the last call, in milliseconds.</summary>
    public double?[] NextAttemptPercentiles() => _attempt.Buckets.Next(0.5, 0.99);

    /// <summary>Reads the observable gauges, which report only on request.</summary>
    public void RecordGauges() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private static IEnumerable<(SeriesKey, long)> Of(string series, LiveCounterBy counter)
        => counter.BySource.Select(one => (new SeriesKey(series, one.Value, one.Source), one.Total));
}
