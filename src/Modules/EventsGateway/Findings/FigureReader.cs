using Gateway.EventsGateway.Monitoring;
using Gateway.EventsGateway.Monitoring.Processes;
using Gateway.EventsGateway.Routing;
using Gateway.Shared;
using Gateway.Shared.Health;
using Gateway.Shared.Operator;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Gateway.EventsGateway.Findings;

/// <summary>Reads the figures of this process once a second, and keeps what is compared with later ones.</summary>
internal sealed class FigureReader(
    IOptions<GatewayOptions> options, LiveMetrics metrics, Backlog backlog, LagHealthCheck lag, Readiness readiness,
    FailedMerchants merchants, RoutingFigureReader routing, RoutingPauses pauses, ProcessHeartbeat heartbeat, KeyGuard keys,
    SourceFigureReader sources, AlertTargets targets, TimeProvider time)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <summary>The first read takes no longer.</summary>
    private static readonly TimeSpan FirstRead = TimeSpan.FromSeconds(15);

    private readonly SlidingSamples<Sample> _seconds = new(TimeSpan.FromSeconds(1), 5 * Minute, time);
    private readonly SlidingSamples<Totals> _minutes = new(Minute, 15 * Minute, time);
    private readonly LatencyWindow _accepts = new(metrics.Accepts, time);
    private readonly LatencyWindow _attempts = new(metrics.Attempts, time);

    private HealthReport? _first;

    private sealed record Sample(LiveTotals Totals, long InFlight, long? Pending, long? Queued);

    private sealed record Totals(Dictionary<(string Outcome, string Source), long> Failed, long ImplausibleTimes, long WrongKeys);

    /// <summary>Called by one loop only.</summary>
    public Figures Read()
    {
        metrics.RecordGauges();
        var now = metrics.Totals;
        var known = backlog.Latest is { Fault: null } latest ? latest : null;
        _seconds.Add(() => new Sample(now, metrics.InFlight, known?.Counts.Pending, known?.Queued));
        var failed = metrics.Failures.ToDictionary(one => (one.Outcome, one.Source), one => one.Total);
        _minutes.Add(() => new Totals(failed, metrics.ImplausibleTimes, keys.WrongKeys));
        var (minute, quarter) = (_seconds.Before(Minute), _minutes.Before(15 * Minute));
        var ingest = new LiveTotals(
            now.Accepted - minute.Totals.Accepted, now.Duplicate - minute.Totals.Duplicate,
            now.Rejected - minute.Totals.Rejected, now.Unavailable - minute.Totals.Unavailable, 0, 0, 0);
        var accepted = ingest.Accepted + ingest.Duplicate;
        var report = readiness.Latest;
        return new Figures
        {
            Now = time.GetUtcNow(),
            Phase = report is null || IsFirstOf(report) ? HealthText.Starting : readiness.StatusOf(report),
            Checks = [.. report?.Entries.Select(check => new CheckFigure(
                check.Key, check.Value.IsBackend(), check.Value.Status.Text(), check.Value.Description)) ?? []],
            Ingest = new(
                accepted + ingest.Rejected + ingest.Unavailable, ingest.Unavailable, accepted, _accepts.Next(0.99)),
            Backlog = known is null ? null : BacklogOf(known),
            IsBacklogUnknown = options.Value.HasWorker && backlog.Latest is null && backlog.SinceLastRead > FirstRead,
            Worker = options.Value.HasWorker ? WorkerNow() : null,
            Routing = options.Value.HasWorker ? routing.Read(now) : null,
            Pauses = pauses.Current,
            Failed = [.. failed.Select(one => new FailureFigure(
                one.Key.Outcome, one.Key.Source, one.Value - quarter.Failed.GetValueOrDefault(one.Key)))],
            FailedMerchants = merchants.ByOutcome(),
            ImplausibleTimes = metrics.ImplausibleTimes - quarter.ImplausibleTimes,
            Sources = sources.Read(),
            Processes = heartbeat.Latest.Items,
            WrongKeys = keys.WrongKeys - _minutes.Before(10 * Minute).WrongKeys,
            AlertTargets = targets.All,
        };
    }

    /// <summary>A process that is not ready at its first report still starts; 5 s later it is not ready.</summary>
    private bool IsFirstOf(HealthReport report)
    {
        _first ??= report;
        return ReferenceEquals(report, _first) && report.Status == HealthStatus.Unhealthy;
    }

    private BacklogFigures BacklogOf(BacklogSnapshot known)
    {
        var counts = known.Counts;
        var age = _seconds.AgeOf(Minute);
        var growth = age >= Minute && _seconds.Before(Minute).Pending is { } before
            ? (counts.Pending - before) / age.TotalSeconds : (double?)null;
        var queued = _seconds.AgeOf(5 * Minute) >= 4 * Minute ? _seconds.All.Min(sample => sample.Queued ?? 0) : (long?)null;
        return new BacklogFigures(
            known.At, counts.Pending, counts.OldestPending, lag.IsExceeded == true, growth,
            counts.Failed - counts.Removed.Failed, queued);
    }

    private WorkerFigures WorkerNow() => new(
        _seconds.AgeOf(Minute) >= Minute ? _seconds.All.TakeLast(60).Min(sample => sample.InFlight) : null, metrics.Slots,
        _attempts.Next(0.5));
}
