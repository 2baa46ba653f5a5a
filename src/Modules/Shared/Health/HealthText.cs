using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Shared.Health;

/// <summary>How a process and its checks are, in the words of the ready page, the log and the console.</summary>
public static class HealthText
{
    public const string Ready = "ready";
    public const string Degraded = "degraded";
    public const string NotReady = "not ready";
    public const string Starting = "starting";
    public const string Stopping = "stopping";

    public const string Unhealthy = "unhealthy";

    /// <summary>Of one check.</summary>
    public static string Text(this HealthStatus status) => status switch
    {
        HealthStatus.Healthy => "healthy",
        HealthStatus.Degraded => Degraded,
        _ => Unhealthy,
    };
}
