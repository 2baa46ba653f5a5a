using System.ComponentModel.DataAnnotations;

namespace Gateway.RoutingService;

public sealed class RoutingServiceOptions
{
    public const string Section = "Gateway:RoutingService";

    private const string WaitError = "must be from 0 to 600000";

    /// <summary>If false, the stub has no routes and answers 404.</summary>
    public bool Enabled { get; set; }

    /// <summary>The time until the response, in milliseconds.</summary>
    [Range(0, 600_000, ErrorMessage = WaitError)]
    public int DelayMs { get; set; } = 2_000;

    /// <summary>The share of requests that fail, from 0 to 1.</summary>
    [Range(0.0, 1.0, ErrorMessage = "must be from 0 to 1")]
    public double FailureRate { get; set; }

    /// <summary>
    /// The kinds of failures, equally frequent. Empty means all kinds, because the configuration binder adds to a default list
    /// instead of replacing it.
    /// </summary>
    [CustomValidation(typeof(RoutingServiceOptions), nameof(AreKnownKinds))]
    public string[] FailureKinds { get; set; } = [];

    /// <summary>The <c>Retry-After</c> of a 429.</summary>
    [Range(0, 86_400, ErrorMessage = "must be from 0 to 86400")]
    public int RetryAfterSeconds { get; set; } = 1;

    /// <summary>How long a <c>timeout</c> delays its 504, in milliseconds; a disconnecting client ends it.</summary>
    [Range(0, 600_000, ErrorMessage = WaitError)]
    public int TimeoutMs { get; set; } = 60_000;

    /// <summary>Keeps the text of every key for <c>stats/keys</c>; memory grows with the number of keys.</summary>
    public bool RememberKeys { get; set; }

    // A JSON null arrives here as null despite the type.
    public static ValidationResult? AreKnownKinds(string?[]? kinds, ValidationContext context)
        => kinds?.All(kind => kind is not null && RoutingFailures.ByName.ContainsKey(kind)) == true
            ? ValidationResult.Success
            : new ValidationResult(
                $"must be some of {string.Join(", ", RoutingFailures.ByName.Keys)}", [nameof(FailureKinds)]);
}
