using System.ComponentModel;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Health;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Features.ListEvents;

/// <summary>What list and detail say of an event. Times are ISO 8601, UTC, with milliseconds.</summary>
public abstract record EventView
{
    private protected EventView(EventEntity e)
    {
        Key = e.Key.ToString();
        EventId = e.Key.EventId;
        ShippingCompanyId = e.Key.ShippingCompanyId;
        MerchantId = e.MerchantId;
        ShipmentId = e.ShipmentId;
        Type = e.Type.Text();
        Status = e.Status.Text();
        Outcome = e.Outcome;
        OccurredAt = IsoTime.Text(e.OccurredAt);
        ReceivedAt = IsoTime.Text(e.ReceivedAt);
        ProcessedAt = TextOf(e.ProcessedAt);
        DueAt = TextOf(e.DueAt);
        RouteId = e.RouteId;
        LastError = e.LastError;
        Generation = e.Generation;
        BodyRemoved = e.BodyRemoved;
    }

    private protected EventView(string key, Tombstone tombstone)
    {
        Key = key;
        Status = tombstone.Status.Text();
        ProcessedAt = TextOf(tombstone.ProcessedAt);
        BodyRemoved = true;
    }

    /// <summary>Names the event in URLs, logs and towards the routing service.</summary>
    public string Key { get; }

    public string? EventId { get; }

    public string? ShippingCompanyId { get; }

    public string? MerchantId { get; }

    public string? ShipmentId { get; }

    public string? Type { get; }

    /// <summary>pending, processed or failed.</summary>
    public string Status { get; }

    [Description($"Null while the event is pending; else {EventOutcome.OneOf}.")]
    public string? Outcome { get; }

    public string? OccurredAt { get; }

    public string? ReceivedAt { get; }

    public string? ProcessedAt { get; }

    /// <summary>When a pending event is tried next; while it is being tried, when its claim runs out.</summary>
    public string? DueAt { get; }

    public string? RouteId { get; }

    public string? LastError { get; }

    /// <summary>1, and one more with every replay or re-send.</summary>
    public int? Generation { get; }

    /// <summary>Its body, headers and attempts are gone: it has been processed long ago.</summary>
    public bool BodyRemoved { get; }

    private protected static string? TextOf(DateTimeOffset? at) => at is null ? null : IsoTime.Text(at.Value);
}

public sealed record EventSummary : EventView
{
    internal EventSummary(EventEntity e) : base(e) => Attempts = e.AttemptsSpent;

    /// <summary>Attempts of the current life that the routing service answered or left unanswered.</summary>
    [JsonPropertyOrder(1)] public int Attempts { get; }
}

public sealed record EventDetail : EventView
{
    internal EventDetail(EventEntity e) : base(e)
    {
        Replayable = e.Status == EventStatus.Failed && !EventOutcome.NotReplayable.Contains(e.Outcome);
        Attempts = [.. e.Attempts.Select(attempt => new AttemptView(attempt))];
        Body = e.BodyRemoved ? null : Encoding.UTF8.GetString(e.Body.Span);
        Headers = e.Headers is null ? [] : JsonSerializer.Deserialize(e.Headers, EventJson.Default.DictionaryStringString)!;
        Traceparent = e.Traceparent;
        AbandonedAttempts = e.AbandonedAttempts;
        RequeuedAt = TextOf(e.RequeuedAt);
        RequeuedBy = e.RequeuedBy;
        FirstAttemptAt = TextOf(e.FirstAttemptAt);
        InWork = e.IsInWork;
    }

    internal EventDetail(string key, Tombstone tombstone) : base(key, tombstone)
    {
        Tombstone = true;
        Attempts = [];
        Headers = new Dictionary<string, string>();
    }

    /// <summary>The event was removed, by its age or on an operator's order; a late copy of it takes no effect.</summary>
    [JsonPropertyOrder(1)] public bool Tombstone { get; }

    /// <summary>It has failed, and a replay brings it back.</summary>
    [JsonPropertyOrder(1)] public bool Replayable { get; }

    /// <summary>The last 50, over all lives.</summary>
    [JsonPropertyOrder(1)] public IReadOnlyList<AttemptView> Attempts { get; }

    /// <summary>The signed body; null once it was removed.</summary>
    [JsonPropertyOrder(1)] public string? Body { get; }

    [JsonPropertyOrder(1)] public IReadOnlyDictionary<string, string> Headers { get; }

    [JsonPropertyOrder(1)] public string? Traceparent { get; }

    /// <summary>Attempts since the last outcome whose worker died.</summary>
    [JsonPropertyOrder(1)] public int AbandonedAttempts { get; }

    /// <summary>When it came into the store, or its last replay or re-send did; null of a tombstone.</summary>
    [JsonPropertyOrder(1)] public string? RequeuedAt { get; }

    /// <summary>The operator whose replay began this life, by the name in the audit record; null of a first life, or where the courier sent it again.</summary>
    [JsonPropertyOrder(1)] public string? RequeuedBy { get; }

    [JsonPropertyOrder(1)] public string? FirstAttemptAt { get; }

    /// <summary>A worker is at it: until the attempt ends, or <c>dueAt</c>, when its claim runs out.</summary>
    [JsonPropertyOrder(1)] public bool InWork { get; }
}

public sealed record AttemptView
{
    internal AttemptView(AttemptRecord attempt)
    {
        Generation = attempt.Generation;
        Number = attempt.Number;
        StartedAt = IsoTime.Text(attempt.StartedAt);
        DurationMs = attempt.DurationMs;
        Result = attempt.Result;
        Error = attempt.Error;
        Probes = attempt.Probes ?? 0;
        LastStartedAt = attempt.LastStartedAt is { } last ? IsoTime.Text(last) : null;
    }

    public int Generation { get; }

    /// <summary>Counts the attempts of a life; an interrupted one, or a probe, leaves its number to the next.</summary>
    public int Number { get; }

    public string StartedAt { get; }

    /// <summary>Null when the worker died.</summary>
    public long? DurationMs { get; }

    [Description(AttemptResult.OneOf)]
    public string Result { get; }

    public string? Error { get; }

    /// <summary>
    /// 0 of an attempt. Else it asked for all that waited, the breaker being open, and found the service still ill, so many times
    /// in a row in just this way: not counted.
    /// </summary>
    public int Probes { get; }

    /// <summary>When the last of several probes began; else null.</summary>
    public string? LastStartedAt { get; }
}

/// <param name="Items">Newest first.</param>
/// <param name="NextCursor">Asks for the next page; null on the last.</param>
public sealed record EventPage(IReadOnlyList<EventSummary> Items, string? NextCursor);

/// <param name="Accepted">All events: the sum of the other three.</param>
/// <param name="Pending">Waiting, being tried, or waiting for the next try.</param>
/// <param name="Processed">Settled.</param>
/// <param name="Failed">Given up.</param>
/// <param name="OldestPendingSeconds">Age of the oldest pending event; null when none is pending.</param>
/// <param name="QueuedMessages">
/// Messages that wait to get into the store: a hint; left out by the profile Embedded, and while the broker does not tell.
/// </param>
/// <param name="Removed">How many of them only the counts still know.</param>
public sealed record EventCountsView(
    long Accepted, long Pending, long Processed, long Failed, double? OldestPendingSeconds,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? QueuedMessages,
    RemovedCountsView Removed);

/// <summary>How many of the events are rows no more.</summary>
public sealed record RemovedCountsView(long Processed, long Failed);
