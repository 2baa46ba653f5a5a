using System.ComponentModel.DataAnnotations;

namespace Gateway.EventsGateway.Routing;

public sealed class RoutingOptions : IValidatableObject
{
    public const string Section = "Gateway:Routing";

    /// <summary>Where events are routed (<c>ROUTING_SERVICE_URL</c>); empty: the stub in this process.</summary>
    public Uri? Url { get; set; }

    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00", ErrorMessage = "must be between 00:00:00.050 and 00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Concurrent calls; 0: as many as events are in work.</summary>
    [Range(0, 100_000, ErrorMessage = "must be between 0 and 100000 calls")]
    public int MaxConcurrency { get; set; }

    /// <summary>The number of transient results in a row that opens the circuit.</summary>
    [Range(2, 10_000, ErrorMessage = "must be between 2 and 10000")]
    public int BreakerStreak { get; set; } = 10;

    /// <summary>The ratio of transient results within the window that opens the circuit.</summary>
    [Range(0.01, 1.0, ErrorMessage = "must be between 0.01 and 1")]
    public double BreakerRatio { get; set; } = 0.5;

    /// <summary>The ratio counts only when the window has at least so many results.</summary>
    [Range(2, 10_000, ErrorMessage = "must be between 2 and 10000")]
    public int BreakerMinimum { get; set; } = 20;

    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00", ErrorMessage = "must be between 00:00:00.500 and 01:00:00")]
    public TimeSpan BreakerWindow { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long calls are paused before one event probes the service.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "01:00:00", ErrorMessage = "must be between 00:00:00.500 and 01:00:00")]
    public TimeSpan BreakerBreak { get; set; } = TimeSpan.FromSeconds(5);

    // "localhost:3001/route" is an absolute URI too, of the scheme "localhost".
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url is not (null or { IsAbsoluteUri: true, Scheme: "http" or "https" }))
            yield return new ValidationResult("must begin with http:// or https://", [nameof(Url)]);
    }
}
