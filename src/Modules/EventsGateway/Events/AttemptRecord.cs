using System.Text.Json.Serialization;

namespace Gateway.EventsGateway.Events;

/// <summary>One line of an event's history; nobody knows how long an attempt took whose worker died.</summary>
internal sealed record AttemptRecord(
    int Life, int Number, DateTimeOffset StartedAt, long? DurationMs, string Result, string? Error)
{
    /// <summary>True where it asked for all, the breaker being open, and found the service still ill: it was not counted.</summary>
    public bool? Probe { get; init; }
}

/// <summary>The results that an attempt can have; those of the routing service spend it.</summary>
internal static class AttemptResult
{
    public const string Routed = "routed";
    public const string Late = "late";
    public const string Refused = "refused";
    public const string NotRouted = "not-routed";
    public const string TimedOut = "timed-out";
    public const string ConnectionLost = "connection-lost";
    public const string TransientStatus = "transient-status";
    public const string PermanentStatus = "permanent-status";
    public const string Unreadable = "unreadable";
    public const string Interrupted = "interrupted";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AttemptRecord))]
[JsonSerializable(typeof(List<AttemptRecord>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class EventJson : JsonSerializerContext;
