using Gateway.EventsGateway.Monitoring;

namespace Gateway.EventsGateway.Features.Console.Live;

/// <summary>Computes the rates of a second from the counters at its end and at the end of the previous second.</summary>
internal sealed class LiveSampler(LiveMetrics metrics, Backlog backlog, TimeProvider time)
{
    private readonly LiveRates _rates = new(metrics, time);

    public LivePoint Next()
    {
        metrics.RecordGauges();
        var rate = _rates.Next();
        var (accepts, attempts) = (metrics.NextAcceptPercentiles(), metrics.NextAttemptPercentiles());
        // During an outage of the store its last counts are outdated.
        var known = backlog.Latest is { Fault: null } snapshot ? snapshot : null;
        return new LivePoint
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
            Queued = backlog.Latest?.Queued,
            InFlight = metrics.InFlight,
        };
    }
}
