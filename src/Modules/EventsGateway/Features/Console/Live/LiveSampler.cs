using Gateway.EventsGateway.Monitoring;

namespace Gateway.EventsGateway.Features.Console.Live;

/// <summary>Makes a second out of what was counted by its end and by the end of the one before.</summary>
internal sealed class LiveSampler(LiveMetrics numbers, Backlog backlog, TimeProvider time)
{
    private LiveTotals _last;
    private long _lastAt = time.GetTimestamp();

    public LivePoint Next()
    {
        numbers.AskGauges();
        var (now, before) = (numbers.Totals, _last);
        var seconds = time.GetElapsedTime(_lastAt).TotalSeconds;
        (_last, _lastAt) = (now, time.GetTimestamp());
        var (accepts, attempts) = (numbers.NextAccepts(), numbers.NextAttempts());
        // What is older than an outage is no longer true.
        var known = backlog.Latest is { Fault: null } told ? told : null;
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
            InFlight = numbers.InFlight,
        };

        // A second that lasted longer is no busier.
        double Rate(long counted) => seconds > 0 ? Math.Round(counted / seconds, 1) : 0;
    }
}
