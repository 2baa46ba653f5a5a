using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Gateway.Shared.Health;

/// <summary>
/// Runs all health checks, so that /health/ready, the metrics and the console see the same report. A run is cheap, because
/// the check of a backend keeps its result for a second.
/// </summary>
public sealed class Readiness(HealthCheckService checks, IHostApplicationLifetime lifetime)
{
    private HealthReport? _latest;

    /// <summary>The latest report, a few seconds old at most; null until the first run.</summary>
    public HealthReport? Latest => Volatile.Read(ref _latest);

    private bool IsServing
        => lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested;

    public async Task<HealthReport> CheckAsync()
    {
        var report = await checks.CheckHealthAsync();
        Volatile.Write(ref _latest, report);
        return report;
    }

    /// <summary>Whether the process should receive traffic; a degraded process should.</summary>
    public bool IsReady(HealthReport report) => IsServing && report.Status != HealthStatus.Unhealthy;

    /// <summary>One of ready, degraded, not ready, starting and stopping.</summary>
    public string StatusOf(HealthReport report) => report.Status switch
    {
        _ when lifetime.ApplicationStopping.IsCancellationRequested => HealthText.Stopping,
        _ when !IsServing => HealthText.Starting,
        HealthStatus.Healthy => HealthText.Ready,
        HealthStatus.Degraded => HealthText.Degraded,
        _ => HealthText.NotReady,
    };
}
