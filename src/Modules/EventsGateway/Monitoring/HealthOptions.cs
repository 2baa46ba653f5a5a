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

    /// <summary>Longest time without a completed attempt while events are due or claimed; then the worker is not ready.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "must be between 00:00:01 and 1.00:00:00")]
    public TimeSpan NoProgressFor { get; set; } = TimeSpan.FromMinutes(1);
}
