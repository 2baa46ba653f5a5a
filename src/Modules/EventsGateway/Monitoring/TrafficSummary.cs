using Gateway.Shared.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>
/// Logs what this process did in the last minute, in one line instead of one per event. A minute without traffic and without
/// pending events logs nothing.
/// </summary>
internal sealed class TrafficSummary(LiveMetrics metrics, Backlog backlog, TimeProvider time, ILogger<TrafficSummary> log)
    : PollingService(Interval, stopGrace: TimeSpan.Zero, time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private LiveTotals _totals;
    private IReadOnlyDictionary<string, long> _rejected = new Dictionary<string, long>();

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        await Task.Delay(Interval, Time, stop);
        LogMinute();
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure)
        => OperationsLog.TrafficSummaryBroke(log, fault);

    private void LogMinute()
    {
        var (before, rejectedBefore) = (_totals, _rejected);
        var (now, rejectedNow) = (_totals, _rejected) = (metrics.Totals, metrics.RejectedByReason);
        var pending = backlog.Latest?.Counts.Pending;
        if (now == before && pending is null or 0 && rejectedNow.Values.Sum() == rejectedBefore.Values.Sum()) return;
        var rejected = rejectedNow
            .Select(reason => (Reason: reason.Key, Count: reason.Value - rejectedBefore.GetValueOrDefault(reason.Key)))
            .Where(reason => reason.Count > 0)
            .OrderByDescending(reason => reason.Count)
            .ToList();
        var reasons = rejected.Count == 0
            ? ""
            : $" ({string.Join(", ", rejected.Select(reason => $"{reason.Count} {reason.Reason}"))})";
        OperationsLog.TrafficSummary(
            log, now.Accepted - before.Accepted, now.Duplicate - before.Duplicate, rejected.Sum(reason => reason.Count), reasons,
            now.Processed - before.Processed, now.Failed - before.Failed, (object?)pending ?? "unknown");
    }
}
