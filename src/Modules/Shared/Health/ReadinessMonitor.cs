using Gateway.Shared.Errors;
using Gateway.Shared.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Gateway.Shared.Health;

/// <summary>
/// Runs the health checks every 5 s, which bounds the age of the gauges, and logs each change. Not more often, because a probe of
/// the store is a write. Event ids 120-129.
/// </summary>
internal sealed partial class ReadinessMonitor(Readiness readiness, TimeProvider time, ILogger<ReadinessMonitor> log)
    : PollingService(Interval, stopGrace: TimeSpan.Zero, time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Null until the first report. A process that still connects then is starting; 5 s later it is not ready.
    private string? _reported;

    protected override async Task RunOnceAsync(CancellationToken stop)
    {
        var report = await readiness.CheckAsync();
        if (!stop.IsCancellationRequested) LogChange(report);
        await Task.Delay(Interval, Time, stop);
    }

    protected override void Report(Exception fault, TimeSpan wait, bool isFirstFailure) => LogCheckFailed(fault);

    private void LogChange(HealthReport report)
    {
        var status = readiness.StatusOf(report);
        if (_reported is not null && _reported != status)
        {
            if (report.Status == HealthStatus.Healthy) LogReady();
            else LogNotReady(status, string.Join("; ", ReasonsIn(report)));
        }

        _reported = _reported is null && report.Status != HealthStatus.Healthy ? HealthText.Starting : status;
    }

    private static IEnumerable<string> ReasonsIn(HealthReport report)
        => report.Entries
            .Where(check => check.Value.Status != HealthStatus.Healthy)
            .Select(check => OutsideText.Clean($"{check.Key}: {check.Value.Description}"));

    [LoggerMessage(120, LogLevel.Information, "Readiness changed to ready")]
    private partial void LogReady();

    [LoggerMessage(121, LogLevel.Warning, "Readiness changed to {Status}: {Reasons}")]
    private partial void LogNotReady(OutsideText status, string reasons);

    [LoggerMessage(122, LogLevel.Error, "The health checks could not run")]
    private partial void LogCheckFailed(Exception exception);
}
