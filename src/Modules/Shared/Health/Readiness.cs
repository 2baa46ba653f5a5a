using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Gateway.Shared.Health;

/// <summary>
/// The one who asks all health checks: the ready page, the metrics and the console see the same report. Asking is cheap,
/// because a check of an engine keeps its answer for a second.
/// </summary>
public sealed class Readiness(HealthCheckService checks, IHostApplicationLifetime lifetime)
{
    private HealthReport? _latest;

    /// <summary>As it was told last, a few seconds ago at most; null until then.</summary>
    public HealthReport? Latest => Volatile.Read(ref _latest);

    private bool IsServing => lifetime.ApplicationStarted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested;

    public async Task<HealthReport> AskAsync()
    {
        var report = await checks.CheckHealthAsync();
        Volatile.Write(ref _latest, report);
        return report;
    }

    /// <summary>Takes part: ready, if something is degraded all the same.</summary>
    public bool IsReady(HealthReport report) => IsServing && report.Status != HealthStatus.Unhealthy;

    /// <summary>In one word, for people: ready, degraded, not ready, starting or stopping.</summary>
    public string StatusOf(HealthReport report) => report.Status switch
    {
        _ when lifetime.ApplicationStopping.IsCancellationRequested => HealthText.Stopping,
        _ when !IsServing => HealthText.Starting,
        HealthStatus.Healthy => HealthText.Ready,
        HealthStatus.Degraded => HealthText.Degraded,
        _ => HealthText.NotReady,
    };
}
