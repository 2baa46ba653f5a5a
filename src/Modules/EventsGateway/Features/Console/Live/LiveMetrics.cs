using System.Diagnostics.Metrics;
using Gateway.EventsGateway.Monitoring;

namespace Gateway.EventsGateway.Features.Console.Live;

/// <summary>What this process has counted since its start.</summary>
internal readonly record struct LiveTotals(
    long Accepted, long Duplicate, long Rejected, long Unavailable, long Processed, long Failed, long Retries);

/// <summary>
/// The numbers of the metrics, taken where they are measured: the console and every exporter show the same. Only of the
/// meter of this host, for tests run several of them in one process.
/// </summary>
internal sealed class LiveMetrics : IDisposable
{
    // RejectedRequestLog are quick and would make the door look well: they are counted, and not timed.
    private readonly LiveDurations _accept = new("accepted", "duplicate");
    private readonly LiveDurations _attempt = new();
    private readonly LiveCounter _accepted = new(), _duplicates = new(), _retries = new();
    private readonly LiveCounterBy _rejected = new("reason"), _settled = new("status");
    private readonly LiveGauge _inFlight = new(), _slots = new();
    private readonly MeterListener _listener = new();

    public LiveMetrics(GatewayMetrics metrics)
    {
        var instruments = new Dictionary<string, LiveInstrument>
        {
            [GatewayMetrics.Accepted] = _accepted,
            [GatewayMetrics.Duplicates] = _duplicates,
            [GatewayMetrics.Retries] = _retries,
            [GatewayMetrics.Rejected] = _rejected,
            [GatewayMetrics.Settled] = _settled,
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
                _accepted.Total, _duplicates.Total, byReason.Values.Sum() - unavailable, unavailable, _settled["processed"], _settled["failed"], _retries.Total);
        }
    }

    public IReadOnlyDictionary<string, long> RejectedByReason => _rejected.Totals;

    public long InFlight => (long)_inFlight.Latest;

    public long Slots => (long)_slots.Latest;

    /// <summary>How long accepting took since this was asked last: half of it, 95 and 99 of 100, in milliseconds.</summary>
    public double?[] NextAccepts() => _accept.Buckets.Next(0.5, 0.95, 0.99);

    public double?[] NextAttempts() => _attempt.Buckets.Next(0.5, 0.99);

    /// <summary>Asks the gauges, which tell only when asked.</summary>
    public void AskGauges() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();
}
