using System.ComponentModel.DataAnnotations;

namespace Gateway.RoutingService;

public sealed class RoutingServiceOptions
{
    public const string Section = "Gateway:RoutingService";

    private const string LongestWait = "must be from 0 to 600000";

    /// <summary>Off: the stub has no routes, every path of it is a 404.</summary>
    public bool Enabled { get; set; }

    /// <summary>How long an answer takes.</summary>
    [Range(0, 600_000, ErrorMessage = LongestWait)]
    public int DelayMs { get; set; } = 2_000;

    /// <summary>The share of requests that fail: 0 is none, 1 is all.</summary>
    [Range(0.0, 1.0, ErrorMessage = "must be from 0 to 1")]
    public double FailureRate { get; set; }

    /// <summary>
    /// How they fail, each kind equally often. Empty means all kinds: the binder adds to a default list instead of
    /// replacing it, so a default that named them could not be narrowed.
    /// </summary>
    [CustomValidation(typeof(RoutingServiceOptions), nameof(AreKnownKinds))]
    public string[] FailureKinds { get; set; } = [];

    /// <summary>The <c>Retry-After</c> of a 429.</summary>
    [Range(0, 86_400, ErrorMessage = "must be from 0 to 86400")]
    public int RetryAfterSeconds { get; set; } = 1;

    /// <summary>How long a <c>timeout</c> holds the request before it answers 504; it ends with the client.</summary>
    [Range(0, 600_000, ErrorMessage = LongestWait)]
    public int TimeoutMs { get; set; } = 60_000;

    /// <summary>Keep the text of every key for <c>stats/keys</c>; memory grows with the keys.</summary>
    public bool RememberKeys { get; set; }

    // A JSON null reaches this as null, whatever the type says.
    public static ValidationResult? AreKnownKinds(string?[]? kinds, ValidationContext context)
        => kinds?.All(kind => kind is not null && RoutingFailures.ByName.ContainsKey(kind)) == true
            ? ValidationResult.Success
            : new ValidationResult(
                $"must be some of {string.Join(", ", RoutingFailures.ByName.Keys)}", [nameof(FailureKinds)]);
}
