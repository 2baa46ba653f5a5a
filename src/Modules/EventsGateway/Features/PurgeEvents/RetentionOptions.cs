using System.ComponentModel.DataAnnotations;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Features.PurgeEvents;

public sealed class RetentionOptions
{
    public const string Section = "Gateway:Retention";

    /// <summary>False: the gateway keeps all events.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Since the outcome: a processed event becomes a tombstone, an ended shipment keeps its end alone.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00", ErrorMessage = "must be between 00:00:00 and 36500.00:00:00")]
    public TimeSpan ProcessedAfter { get; set; } = TimeSpan.FromDays(30);

    /// <summary>For how long a tombstone rejects late copies of its event.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "10000.00:00:00", ErrorMessage = "must be between 00:00:01 and 10000.00:00:00")]
    public TimeSpan DedupHorizon { get; set; } = TimeSpan.FromDays(400);

    /// <summary>For how long audit records are kept.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "10000.00:00:00", ErrorMessage = "must be between 00:00:01 and 10000.00:00:00")]
    public TimeSpan Audit { get; set; } = TimeSpan.FromDays(400);

    /// <summary>Time between two purges.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00", ErrorMessage = "must be between 00:00:00.100 and 1.00:00:00")]
    public TimeSpan Sweep { get; set; } = TimeSpan.FromHours(1);

    internal RetentionAges? Ages => Enabled ? new RetentionAges(ProcessedAfter, DedupHorizon, Audit) : null;
}
