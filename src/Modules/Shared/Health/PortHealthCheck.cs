using Gateway.Shared.Errors;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Shared.Health;

/// <summary>
/// Does the engine behind a port answer? The probe's fault is the reason. Whoever asks within a
/// second, or while a probe is on its way, gets the same one: asking is open to everybody, and a probe may write.
/// </summary>
/// <param name="probe">Returns when the engine is well.</param>
/// <param name="serves">What is true while it is.</param>
/// <param name="otherwise">What becomes of events while it is not.</param>
/// <param name="time">The clock of this process.</param>
public sealed class PortHealthCheck(Func<Task> probe, string serves, string otherwise, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _asking = new();
    private Task? _last;
    private long _askedAt;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await AskOnce().WaitAsync(Timeout, cancellationToken);
            return HealthCheckResult.Healthy(serves);
        }
        catch (Exception fault) when (fault is BackendUnavailableException or TimeoutException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, $"{fault.Message}; {otherwise}");
        }
    }

    private Task AskOnce()
    {
        lock (_asking)
        {
            if (_last is not null && (!_last.IsCompleted || time.GetElapsedTime(_askedAt) < Freshness)) return _last;
            _askedAt = time.GetTimestamp();
            return _last = probe();
        }
    }
}
