using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Shared.Health;

/// <summary>The states of a process and its checks, as /health/ready, the log and the console name them.</summary>
public static class HealthText
{
    public const string Ready = "ready";
    public const string Degraded = "degraded";
    public const string NotReady = "not ready";
    public const string Starting = "starting";
    public const string Stopping = "stopping";

    public const string Unhealthy = "unhealthy";

    public static string Text(this HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => Degraded,
        _ => Unhealthy,
    };
}
