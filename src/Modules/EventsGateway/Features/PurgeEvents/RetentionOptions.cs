using System.ComponentModel.DataAnnotations;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Features.PurgeEvents;

public sealed class RetentionOptions
{
    public const string Section = "Gateway:Retention";

    /// <summary>False: everything is kept.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Since its outcome: then a processed event becomes a tombstone, and a finished shipment keeps its end alone.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00", ErrorMessage = "must be between 00:00:00 and 36500.00:00:00")]
    public TimeSpan ProcessedAfter { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long a tombstone keeps late copies of its event out.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "10000.00:00:00", ErrorMessage = "must be between 00:00:01 and 10000.00:00:00")]
    public TimeSpan DedupHorizon { get; set; } = TimeSpan.FromDays(400);

    /// <summary>How long it is known what operators did.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "10000.00:00:00", ErrorMessage = "must be between 00:00:01 and 10000.00:00:00")]
    public TimeSpan Audit { get; set; } = TimeSpan.FromDays(400);

    /// <summary>The rest between two sweeps that found little.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00", ErrorMessage = "must be between 00:00:00.100 and 1.00:00:00")]
    public TimeSpan Sweep { get; set; } = TimeSpan.FromHours(1);

    internal RetentionAges? Ages => Enabled ? new RetentionAges(ProcessedAfter, DedupHorizon, Audit) : null;
}
