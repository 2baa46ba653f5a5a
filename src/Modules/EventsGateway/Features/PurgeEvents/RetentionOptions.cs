using System.ComponentModel.DataAnnotations;
using Gateway.EventsGateway.Repositories;

namespace Gateway.EventsGateway.Features.PurgeEvents;

public sealed class RetentionOptions
{
    public const string Section = "Gateway:Retention";

    /// <summary>False: the gateway keeps all events.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>The age at which a processed event becomes a tombstone and an ended shipment is trimmed to its end.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00", ErrorMessage = "must be between 00:00:00 and 36500.00:00:00")]
    public TimeSpan ProcessedAfter { get; set; } = TimeSpan.FromDays(30);

    /// <summary>The lifetime of a tombstone: for so long copies of its event are duplicates.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "10000.00:00:00", ErrorMessage = "must be between 00:00:01 and 10000.00:00:00")]
    public TimeSpan DedupHorizon { get; set; } = TimeSpan.FromDays(400);

    /// <summary>The lifetime of an audit record.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "10000.00:00:00", ErrorMessage = "must be between 00:00:01 and 10000.00:00:00")]
    public TimeSpan Audit { get; set; } = TimeSpan.FromDays(400);

    /// <summary>The time between two runs.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00", ErrorMessage = "must be between 00:00:00.100 and 1.00:00:00")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromHours(1);

    internal RetentionAges? Ages => Enabled ? new RetentionAges(ProcessedAfter, DedupHorizon, Audit) : null;
}
