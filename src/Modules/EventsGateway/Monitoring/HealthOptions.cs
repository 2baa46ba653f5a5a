using System.ComponentModel.DataAnnotations;

namespace Gateway.EventsGateway.Monitoring;

public sealed class HealthOptions
{
    public const string Section = "Gateway:Health";

    /// <summary>How old the oldest pending event may be; beyond it the process is degraded.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00", ErrorMessage = "must be between 00:00:01 and 365.00:00:00")]
    public TimeSpan LagBudget { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long no attempt may end while work is due or in hand; beyond it the worker is not ready.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "must be between 00:00:01 and 1.00:00:00")]
    public TimeSpan NoProgressFor { get; set; } = TimeSpan.FromMinutes(1);
}
