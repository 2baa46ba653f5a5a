using Gateway.EventsGateway.Monitoring;

namespace Gateway.EventsGateway.Features.Console.Live;

/// <summary>Everything that a page shows of one second, read at its end.</summary>
internal sealed record LiveSample(
    LivePoint Point, BacklogSnapshot? Backlog, LiveTotals Totals, IReadOnlyDictionary<string, long> RejectedByReason, long Slots);

/// <summary>Computes the rates of a second from the counters at its end and at the end of the previous second.</summary>
internal sealed class LiveSampler(LiveMetrics metrics, Backlog backlog, TimeProvider time)
{
    private readonly LiveRates _rates = new(metrics, time);

    public LiveSample Next()
    {
        metrics.RecordGauges();
        var rate = _rates.Next();
        var (accepts, attempts) = (metrics.NextAcceptPercentiles(), metrics.NextAttemptPercentiles());
        // During an outage of the store its last counts are outdated.
        var latest = backlog.Latest;
        var known = latest is { Fault: null } ? latest : null;
        var point = new LivePoint
        {
            T = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Accepted = rate(totals => totals.Accepted),
            Duplicate = rate(totals => totals.Duplicate),
            Rejected = rate(totals => totals.Rejected),
            Unavailable = rate(totals => totals.Unavailable),
            Processed = rate(totals => totals.Processed),
            Failed = rate(totals => totals.Failed),
            Retries = rate(totals => totals.Retries),
            P50 = accepts[0],
            P95 = accepts[1],
            P99 = accepts[2],
            AttemptP50 = attempts[0],
            AttemptP99 = attempts[1],
            Pending = known?.Counts.Pending,
            Oldest = known?.Counts.OldestPending?.TotalSeconds,
            Queued = latest?.Queued,
            InFlight = metrics.InFlight,
        };
        return new LiveSample(point, latest, _rates.Totals, metrics.RejectedByReason, metrics.Slots);
    }
}
