using Gateway.Shared.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Gateway.Shared.Health;

/// <summary>
/// Asks every few seconds, so that gauges are never older, and logs when the answer changes. Not more often: a probe of the
/// store is a write.
/// </summary>
internal sealed partial class ReadinessMonitor(Readiness readiness, TimeProvider time, ILogger<ReadinessMonitor> log)
    : PollingService(Interval, stopGrace: TimeSpan.Zero, time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly TimeProvider _time = time;

    // What is only just connecting is no news.
    private string? _told;

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        var report = await readiness.AskAsync();
        if (!stop.IsCancellationRequested) Tell(report);
        await Task.Delay(Interval, _time, stop);
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure) => LogNotAsked(fault);

    private void Tell(HealthReport report)
    {
        var status = readiness.StatusOf(report);
        if (_told is not null && _told != status)
        {
            if (report.Status == HealthStatus.Healthy) LogReady();
            else LogIll(status, string.Join("; ", ReasonsIn(report)));
        }

        _told = status;
    }

    private static IEnumerable<string> ReasonsIn(HealthReport report)
        => report.Entries.Where(check => check.Value.Status != HealthStatus.Healthy).Select(check => $"{check.Key}: {check.Value.Description}");

    [LoggerMessage(120, LogLevel.Information, "ready")]
    private partial void LogReady();

    [LoggerMessage(121, LogLevel.Warning, "{Status}: {Reasons}")]
    private partial void LogIll(string status, string reasons);

    [LoggerMessage(122, LogLevel.Error, "the health checks broke")]
    private partial void LogNotAsked(Exception fault);
}
