using System.ComponentModel.DataAnnotations;

namespace Gateway.EventsGateway.Monitoring;

public sealed class HealthOptions
{
    public const string Section = "Gateway:Health";

    /// <summary>Maximum age of the oldest pending event; beyond it the process is degraded.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00", ErrorMessage = "must be between 00:00:01 and 365.00:00:00")]
    public TimeSpan LagBudget { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Share of the last hour's settled events that were late or shipment-ended; beyond it the process is degraded.
    /// </summary>
    [Range(0.0, 1.0, ErrorMessage = "must be between 0 and 1")]
    public double UnroutedShare { get; set; } = 0.2;

    /// <summary>The 99th percentile of the acceptances of a minute; beyond it the status says so.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ErrorMessage = "must be between 00:00:00.001 and 1.00:00:00")]
    public TimeSpan AcceptP99 { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Rise of the share of a source's requests that are rejected for one reason, over its usual share.</summary>
    [Range(0.0, 1.0, ErrorMessage = "must be between 0 and 1")]
    public double RejectedShare { get; set; } = 0.2;

    /// <summary>Rise of the share of a source's events that are duplicates, over its usual share.</summary>
    [Range(0.0, 1.0, ErrorMessage = "must be between 0 and 1")]
    public double DuplicateShare { get; set; } = 0.3;

    /// <summary>Longest time without a completed attempt while events are due or claimed; then the worker is not ready.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "must be between 00:00:01 and 1.00:00:00")]
    public TimeSpan NoProgressFor { get; set; } = TimeSpan.FromMinutes(1);
}
