using Gateway.Shared.Errors;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Shared.Health;

/// <summary>
/// Probes the backend behind a port; the probe's exception is the reason. All callers within a second, or during a probe, share
/// one result: /health/ready is public, and a probe may write.
/// </summary>
/// <param name="probe">Returns when the backend works.</param>
/// <param name="healthyText">Gives the text for a successful probe: what the backend does.</param>
/// <param name="impact">The text for a failed probe: what no longer works.</param>
/// <param name="time">The clock of this process.</param>
public sealed class PortHealthCheck(Func<Task> probe, Func<string> healthyText, string impact, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan CacheDuration = TimeSpan.FromSeconds(1);

    private readonly Lock _starting = new();
    private Task? _latest;
    private long _startedAt;

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await ProbeOnce().WaitAsync(Timeout, cancellationToken);
            return HealthCheckResult.Healthy(healthyText());
        }
        catch (Exception fault) when (fault is BackendUnavailableException or TimeoutException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"{fault.Message}; {impact}");
        }
    }

    private Task ProbeOnce()
    {
        lock (_starting)
        {
            if (_latest is not null && (!_latest.IsCompleted || time.GetElapsedTime(_startedAt) < CacheDuration)) return _latest;
            _startedAt = time.GetTimestamp();
            return _latest = probe();
        }
    }
}
