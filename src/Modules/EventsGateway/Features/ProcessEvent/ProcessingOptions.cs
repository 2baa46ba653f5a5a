using System.ComponentModel.DataAnnotations;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Features.ProcessEvent;

public sealed class ProcessingOptions : IValidatableObject
{
    public const string Section = "Gateway:Processing";

    /// <summary>For the store, before and after a call: so long a timeout must be shorter than the one around it.</summary>
    internal static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    /// <summary>The pause before the worker repeats what failed because of the store or of the worker itself.</summary>
    internal static readonly TimeSpan FaultWait = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Calls at once (<c>WORKER_PREFETCH</c>); beside them up to three times as many events wait for the store.
    /// </summary>
    [Range(1, 100_000, ErrorMessage = "must be between 1 and 100000 events")]
    public int Prefetch { get; set; } = 100;

    /// <summary>Retries that count against an event (<c>WORKER_MAX_RETRIES</c>); its first call and outages do not.</summary>
    [Range(0, 1000, ErrorMessage = "must be between 0 and 1000")]
    public int MaxRetries { get; set; } = 3;

    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ErrorMessage = "must be between 00:00:00.001 and 1.00:00:00")]
    public TimeSpan RetryBase { get; set; } = TimeSpan.FromSeconds(1);

    [Range(1.0, 10.0, ErrorMessage = "must be between 1 and 10")]
    public double RetryFactor { get; set; } = 2;

    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00", ErrorMessage = "must be between 00:00:00.001 and 1.00:00:00")]
    public TimeSpan RetryCap { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Ratio by which a wait may be shorter or longer, so that retries do not synchronize.</summary>
    [Range(0.0, 1.0, ErrorMessage = "must be between 0 and 1")]
    public double RetryJitter { get; set; } = 0.2;

    /// <summary>
    /// Fails an event when an attempt has just failed and its first failed call is older; also while it waits for a circuit that
    /// was probed without success for that long.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00", ErrorMessage = "must be between 00:00:01 and 365.00:00:00")]
    public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Longest sleep of the dispatcher: how soon it finds work that this process is not notified of, such as a replay that
    /// another process has requested, or the claims of a process that died.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00", ErrorMessage = "must be between 00:00:00.100 and 00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a claim lasts; after it another worker takes the events of one that died.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "must be between 00:00:01 and 01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Longest time of one attempt; shorter than the lease, so that no claim expires while its worker is running.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00", ErrorMessage = "must be between 00:00:00.500 and 01:00:00")]
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long events in work may finish at a stop, before they are released.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ErrorMessage = "must be between 00:00:00 and 00:01:00")]
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>What becomes of an event that was received after the end of its shipment and occurred after it.</summary>
    [EnumDataType(typeof(AfterEnd), ErrorMessage = "must be Fail, Settle or Route")]
    public AfterEnd AfterEnd { get; set; } = AfterEnd.Fail;

    /// <summary>
    /// By so much the clocks of ingest processes may differ: an event that was received up to this much after the end of its
    /// shipment is routed. Null: nothing in the profile Embedded, 1 s in the profile Distributed.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", ErrorMessage = "must be between 00:00:00 and 01:00:00")]
    public TimeSpan? ArrivalTolerance { get; set; }

    /// <summary>So long after the end of a shipment an event begins a new one of the same number.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00", ErrorMessage = "must be between 1.00:00:00 and 3650.00:00:00")]
    public TimeSpan NewCycleAfter { get; set; } = TimeSpan.FromDays(60);

    /// <summary>So long before its receipt an event may have occurred; else receivedAt places it in its shipment.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00", ErrorMessage = "must be between 00:00:00 and 36500.00:00:00")]
    public TimeSpan OldestOccurredAt { get; set; } = TimeSpan.FromDays(400);

    /// <summary>So long after its receipt an event may have occurred; else receivedAt places it in its shipment.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "36500.00:00:00", ErrorMessage = "must be between 00:00:00 and 36500.00:00:00")]
    public TimeSpan LatestOccurredAt { get; set; } = TimeSpan.FromHours(24);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (AttemptTimeout + Margin > Lease)
            yield return new ValidationResult($"must be {Margin} shorter than Lease ({Lease})", [nameof(AttemptTimeout)]);
        if (RetryCap < RetryBase)
            yield return new ValidationResult($"must not be shorter than RetryBase ({RetryBase})", [nameof(RetryCap)]);
    }
}
