using Gateway.EventsGateway.Monitoring;

namespace Gateway.EventsGateway.Features.Console.Live;

/// <summary>Computes the rates of a second from the counters at its end and at the end of the previous second.</summary>
internal sealed class LiveSampler(LiveMetrics metrics, Backlog backlog, TimeProvider time)
{
    private LiveTotals _last;
    private long _lastAt = time.GetTimestamp();

    public LivePoint Next()
    {
        metrics.RecordGauges();
        var (now, before) = (metrics.Totals, _last);
        var seconds = time.GetElapsedTime(_lastAt).TotalSeconds;
        (_last, _lastAt) = (now, time.GetTimestamp());
        var (accepts, attempts) = (metrics.NextAcceptPercentiles(), metrics.NextAttemptPercentiles());
        // During an outage of the store its last counts are outdated.
        var known = backlog.Latest is { Fault: null } snapshot ? snapshot : null;
        return new LivePoint
        {
            T = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Accepted = Rate(now.Accepted - before.Accepted),
            Duplicate = Rate(now.Duplicate - before.Duplicate),
            Rejected = Rate(now.Rejected - before.Rejected),
            Unavailable = Rate(now.Unavailable - before.Unavailable),
            Processed = Rate(now.Processed - before.Processed),
            Failed = Rate(now.Failed - before.Failed),
            Retries = Rate(now.Retries - before.Retries),
            P50 = accepts[0],
            P95 = accepts[1],
            P99 = accepts[2],
            AttemptP50 = attempts[0],
            AttemptP99 = attempts[1],
            Pending = known?.Counts.Pending,
            Oldest = known?.Counts.OldestPending?.TotalSeconds,
            Queued = backlog.Latest?.Queued,
            InFlight = metrics.InFlight,
        };

        // A second that took longer must not show a higher rate.
        double Rate(long counted) => seconds > 0 ? Math.Round(counted / seconds, 1) : 0;
    }
}
