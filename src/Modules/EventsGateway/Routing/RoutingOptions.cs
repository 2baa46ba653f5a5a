using System.ComponentModel.DataAnnotations;

namespace Gateway.EventsGateway.Routing;

public sealed class RoutingOptions : IValidatableObject
{
    public const string Section = "Gateway:Routing";

    private static readonly string[] Own =
        ["Idempotency-Key", "Host", "Connection", "Transfer-Encoding", "traceparent", "tracestate", "Expect"];

    /// <summary>Where events are routed (<c>ROUTING_SERVICE_URL</c>); empty: the stub in this process.</summary>
    public Uri? Url { get; set; }

    /// <summary>A file with the address, which may have credentials: they are sent as Basic.</summary>
    public string UrlFile { get; set; } = "";

    /// <summary>Headers of every call: name and value. The values are secrets.</summary>
    public Dictionary<string, string> Headers { get; set; } = [];

    /// <summary>The same, with the file of each value.</summary>
    public Dictionary<string, string> HeadersFile { get; set; } = [];

    /// <summary>A 2xx without a body is a yes, as for a service that says no more than its status.</summary>
    public bool EmptyIsRouted { get; set; }

    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00", ErrorMessage = "must be between 00:00:00.050 and 00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Concurrent calls; 0: as many as events are in work.</summary>
    [Range(0, 100_000, ErrorMessage = "must be between 0 and 100000 calls")]
    public int MaxConcurrency { get; set; }

    /// <summary>Calls per second of this process; 0: no limit.</summary>
    [Range(0, 100_000, ErrorMessage = "must be between 0 and 100000 calls")]
    public int MaxCallsPerSecond { get; set; }

    /// <summary>So many failures in a row open a circuit: a merchant's own, or without any success between that of all.</summary>
    [Range(2, 10_000, ErrorMessage = "must be between 2 and 10000")]
    public int BreakerStreak { get; set; } = 10;

    /// <summary>This ratio of failures within the window opens the circuit of a merchant …</summary>
    [Range(0.01, 1.0, ErrorMessage = "must be between 0.01 and 1")]
    public double BreakerRatio { get; set; } = 0.5;

    /// <summary>… where the window has at least so many results.</summary>
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
        if (Url is { IsAbsoluteUri: true, UserInfo.Length: > 0 } && Headers.Keys.Any(IsAuthorization))
        {
            yield return new ValidationResult(
                "has Authorization, and the Url has credentials: one call has one", [nameof(Headers)]);
        }

        foreach (var (name, value) in Headers)
        {
            if (ErrorOf(name, value) is { } error) yield return new ValidationResult($"{name} {error}", [nameof(Headers)]);
        }
    }

    private static bool IsAuthorization(string name) => name.Equals("Authorization", StringComparison.OrdinalIgnoreCase);

    /// <summary>What a client cannot send would fail every call, as an outage does.</summary>
    private static string? ErrorOf(string name, string value)
    {
        if (Own.Contains(name, StringComparer.OrdinalIgnoreCase)) return "is set by the gateway";
        using var probe = new HttpRequestMessage();
        if (!probe.Headers.TryAddWithoutValidation(name, "")) return "is not the name of a request header";
        return value.All(sign => sign is >= ' ' and <= '~') ? null : "has characters that are not allowed in a header";
    }
}
