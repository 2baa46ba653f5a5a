using System.Text.Json.Serialization;

namespace Gateway.EventsGateway.Entities;

/// <summary>One line of an event's history; nobody knows how long an attempt took whose worker died.</summary>
internal sealed record AttemptRecord(
    int Generation, int Number, DateTimeOffset StartedAt, long? DurationMs, string Result, string? Error)
{
    /// <summary>
    /// Null of an attempt. How many times in a row it asked for all, the breaker being open, and the service was ill in just this
    /// way: told by one line, or a long outage would push all else out of the history.
    /// </summary>
    public int? Probes { get; init; }

    /// <summary>When the last of several probes began.</summary>
    public DateTimeOffset? LastStartedAt { get; init; }

    /// <summary>Of a probe and of the line before it: the one line that tells of both; null where they differ.</summary>
    public AttemptRecord? After(AttemptRecord before)
        => before is { Probes: { } many } && (before.Generation, before.Number, before.Result, before.Error) == (Generation, Number, Result, Error)
            ? before with { Probes = many + 1, LastStartedAt = StartedAt, DurationMs = DurationMs }
            : null;
}

/// <summary>The results that an attempt can have; those of the routing service spend it.</summary>
internal static class AttemptResult
{
    public const string Routed = "routed";
    public const string Late = "late";
    public const string ShipmentEnded = "shipment-ended";
    public const string NotRouted = "not-routed";
    public const string TimedOut = "timed-out";
    public const string ConnectionLost = "connection-lost";
    public const string TransientStatus = "transient-status";
    public const string PermanentStatus = "permanent-status";
    public const string Unreadable = "unreadable";
    public const string Abandoned = "abandoned";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AttemptRecord))]
[JsonSerializable(typeof(List<AttemptRecord>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class EventJson : JsonSerializerContext;
