using System.Text.Json.Serialization;

namespace Gateway.EventsGateway.Entities;

/// <summary>One line of an event's history. The duration is unknown where the worker died.</summary>
internal sealed record AttemptRecord(
    int Generation, int Number, DateTimeOffset StartedAt, long? DurationMs, string Result, string? Error)
{
    /// <summary>An event keeps its last 50 lines.</summary>
    public const int Kept = 50;

    /// <summary>
    /// Null for one call. For calls that did not count: how many in a row failed in the same way. They share one line, because
    /// a long outage would push every other line out of the history.
    /// </summary>
    public int? Probes { get; init; }

    /// <summary>When the last of several calls began.</summary>
    public DateTimeOffset? LastStartedAt { get; init; }

    /// <summary>Null where nothing was answered.</summary>
    public AttemptAnswer? Answer { get; init; }

    /// <summary>The address that was called, without user and query; null where it was routed, to keep most rows short.</summary>
    public string? Url { get; init; }

    /// <summary>When the last call of the line ended; null where it was not a call that failed.</summary>
    public DateTimeOffset? FailedAt => DurationMs is { } took && AttemptResult.Failures.Contains(Result)
        ? (LastStartedAt ?? StartedAt) + TimeSpan.FromMilliseconds(took)
        : null;

    /// <summary>The line that stands for this call and the line before it; null where the two differ.</summary>
    public AttemptRecord? After(AttemptRecord before)
        => before is { Probes: { } many }
            && (before.Generation, before.Result, before.Error) == (Generation, Result, Error)
            ? before with { Probes = many + 1, LastStartedAt = StartedAt, DurationMs = DurationMs, Answer = Answer, Url = Url }
            : null;
}

/// <summary>What the routing service answered, cleaned and capped.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">A few of them, one per line.</param>
/// <param name="Body">Its first 2 KiB.</param>
internal sealed record AttemptAnswer(int Status, string? Headers, string? Body);

/// <summary>The results of attempts, in the history and in the metrics.</summary>
internal static class AttemptResult
{
    public const string Routed = "routed";
    public const string Late = "late";
    public const string ShipmentEnded = FailureReasonText.ShipmentEnded;
    public const string NotRouted = "not-routed";
    public const string TimedOut = "timed-out";
    public const string ConnectionLost = "connection-lost";
    public const string TransientStatus = "transient-status";
    public const string PermanentStatus = "permanent-status";
    public const string Unreadable = "unreadable";
    public const string Mapped = EventOutcome.Mapped;
    public const string Unmapped = FailureReasonText.Unmapped;
    public const string Abandoned = "abandoned";

    /// <summary>Of calls that were not routed.</summary>
    public static readonly IReadOnlyList<string> Failures =
        [NotRouted, TimedOut, ConnectionLost, TransientStatus, PermanentStatus, Unreadable];

    /// <summary>For descriptions.</summary>
    public const string OneOf =
        $"{Routed}, {Late}, {ShipmentEnded}, {NotRouted}, {TimedOut}, {ConnectionLost}, {TransientStatus}, {PermanentStatus}, "
        + $"{Unreadable}, {Mapped}, {Unmapped} or {Abandoned}";
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AttemptRecord))]
[JsonSerializable(typeof(List<AttemptRecord>))]
[JsonSerializable(typeof(Dictionary<string, string>))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class EventJson : JsonSerializerContext;
