using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Gateway.EventsGateway.Features.StreamLive;

/// <summary>Readiness as it was found last. A check that takes its time holds up nobody: what it says is shown when it is said.</summary>
internal sealed class LiveHealthGlance(HealthCheckService checks, IHostApplicationLifetime lifetime, TimeProvider time)
{
    public const string Healthy = "healthy";
    public const string Unhealthy = "unhealthy";
    public const string Stopping = "stopping";

    // A look may cost the engines a write.
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(300);

    private Task<HealthReport>? _looking;
    private HealthReport? _latest;
    private long _lookedAt;

    /// <summary>Asked by one loop alone.</summary>
    public async Task<LiveHealth> LookAsync()
    {
        if (_looking is null && (_latest is null || time.GetElapsedTime(_lookedAt) >= Freshness))
            (_looking, _lookedAt) = (Task.Run(() => checks.CheckHealthAsync(CancellationToken.None)), time.GetTimestamp());
        if (_looking is not null)
        {
            await Task.WhenAny(_looking, Task.Delay(Patience, time));
            if (_looking.IsCompletedSuccessfully) _latest = await _looking;
            if (_looking.IsCompleted) _looking = null;
        }

        return new LiveHealth(Status, _latest is null ? [] : [.. _latest.Entries.Select(entry => Check(entry.Key, entry.Value))]);
    }

    private string Status
        => lifetime.ApplicationStopping.IsCancellationRequested ? Stopping
            : !lifetime.ApplicationStarted.IsCancellationRequested || _latest is null ? "starting"
            : _latest.Status switch { HealthStatus.Healthy => "ready", HealthStatus.Degraded => "degraded", _ => "not ready" };

    private static LiveCheck Check(string name, HealthReportEntry entry)
        => new(name, entry.Status switch { HealthStatus.Healthy => Healthy, HealthStatus.Degraded => "degraded", _ => Unhealthy }, entry.Description);
}
