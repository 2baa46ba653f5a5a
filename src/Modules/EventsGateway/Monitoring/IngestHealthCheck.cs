using Gateway.Shared.Time;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.EventsGateway.Monitoring;

/// <summary>
/// What became of the last webhooks, whatever the probe of the backend says: a probe is small and a row of its own. Not ready
/// while every request is answered 503, so that a load balancer uses another process; degraded for a minute after a single one.
/// </summary>
internal sealed class IngestHealthCheck(TimeProvider time) : IHealthCheck
{
    /// <summary>
    /// Failures over this time without a success are an outage. It is also the age at which the last one no longer proves it:
    /// a process without requests would otherwise stay out of a load balancer that it needs to succeed.
    /// </summary>
    public static readonly TimeSpan Outage = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);

    private sealed record Failures(long Since, long Last, long Count, string Reason);

    private Failures? _latest;

    // False after a success: the failures before it are remembered, but no outage.
    private volatile bool _isUnbroken;

    /// <summary>An event became durable, or was already.</summary>
    public void Succeeded()
    {
        if (_isUnbroken) _isUnbroken = false;
    }

    /// <summary>An event was answered 503.</summary>
    public void Failed(string reason)
    {
        var now = time.GetTimestamp();
        var before = Volatile.Read(ref _latest);
        var continues = _isUnbroken && before is not null && time.GetElapsedTime(before.Last, now) < Remembered;
        // Of two failures at the same time one may not be counted: the number is for people.
        var failures = continues ? before! with { Last = now, Count = before.Count + 1 } : new Failures(now, now, 1, reason);
        Volatile.Write(ref _latest, failures with { Reason = reason });
        _isUnbroken = true;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (Volatile.Read(ref _latest) is not { } failures || time.GetElapsedTime(failures.Last) is var age && age >= Remembered)
            return Task.FromResult(HealthCheckResult.Healthy("requests are answered"));

        var lasted = time.GetElapsedTime(failures.Since, failures.Last);
        return Task.FromResult(_isUnbroken && lasted >= Outage && age < Outage
            ? HealthCheckResult.Unhealthy(
                $"every request was answered 503 for {SpanText.Of(lasted)}, {failures.Count} in all: {failures.Reason}")
            : HealthCheckResult.Degraded($"a request was answered 503 {SpanText.Of(age)} ago: {failures.Reason}"));
    }
}
