using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.EventsGateway.Entities;

namespace Gateway.EventsGateway.Features.ListEvents;

public sealed record EventDetailDto : EventDto
{
    internal EventDetailDto(EventEntity e) : base(e)
    {
        Replayable = EventOutcome.IsReplayable(e.Status, e.Outcome) && !e.BodyRemoved && e.Key.ShippingCompanyId.Length > 0;
        Attempts = [.. e.Attempts.Select(attempt => new AttemptDto(attempt))];
        RoutingRequest = e.BodyRemoved || e.IsContainer || (e.Status == EventStatus.Failed && !Replayable)
            ? null
            : RoutingRequestDto.Of(e);
        Body = e.BodyRemoved ? null : Encoding.UTF8.GetString(e.Body.Span);
        Headers = e.Headers is null ? [] : JsonSerializer.Deserialize(e.Headers, EventJson.Default.DictionaryStringString)!;
        SecretId = e.SecretId;
        ItemIndex = e.ItemIndex;
        RequestDigest = e.RequestDigest;
        Traceparent = e.Traceparent;
        RequestId = e.RequestId;
        AbandonedAttempts = e.AbandonedAttempts;
        RequeuedAt = TextOf(e.RequeuedAt);
        RequeuedBy = e.RequeuedBy;
        FirstAttemptAt = TextOf(e.FirstAttemptAt);
        FirstFailedAt = TextOf(e.FirstFailedAt);
        Tries = e.Tries;
        InWork = e.IsInWork;
        DismissedAt = TextOf(e.DismissedAt);
        DismissedBy = e.DismissedBy;
    }

    internal EventDetailDto(string key, Tombstone tombstone) : base(key, tombstone)
    {
        Tombstone = true;
        Attempts = [];
        Headers = new Dictionary<string, string>();
    }

    /// <summary>The event was purged or erased; a late duplicate has no effect.</summary>
    [JsonPropertyOrder(1)] public bool Tombstone { get; }

    /// <summary>The event has failed or was late, and a replay can make it pending.</summary>
    [JsonPropertyOrder(1)] public bool Replayable { get; }

    /// <summary>The last 50 attempts of all generations.</summary>
    [JsonPropertyOrder(1)] public IReadOnlyList<AttemptDto> Attempts { get; }

    /// <summary>
    /// The signed body; null after its removal. Of a row of the NestJS original, which has none, its document as extended JSON.
    /// </summary>
    [JsonPropertyOrder(1)] public string? Body { get; }

    /// <summary>What its attempts send; null where there are none.</summary>
    [JsonPropertyOrder(1)] public RoutingRequestDto? RoutingRequest { get; }

    [JsonPropertyOrder(1)] public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The id of the secret that proved the request; null where it is not known.</summary>
    [JsonPropertyOrder(1)] public string? SecretId { get; }

    /// <summary>The place of the event in a request of several, from 0; null where the request was one event.</summary>
    [JsonPropertyOrder(1)] public int? ItemIndex { get; }

    /// <summary>The SHA-256 of the body of a request of several events; null where the request was one event.</summary>
    [JsonPropertyOrder(1)] public string? RequestDigest { get; }

    [JsonPropertyOrder(1)] public string? Traceparent { get; }

    /// <summary>The x-request-id of the answer by which the event was accepted: the sender's, or one of the gateway.</summary>
    [JsonPropertyOrder(1)] public string? RequestId { get; }

    /// <summary>Attempts since the last outcome whose worker died.</summary>
    [JsonPropertyOrder(1)] public int AbandonedAttempts { get; }

    /// <summary>The time when the event was stored, or of its last replay or resubmission; null for a tombstone.</summary>
    [JsonPropertyOrder(1)] public string? RequeuedAt { get; }

    /// <summary>The operator whose replay began this generation; null for the first generation and for a resubmission.</summary>
    [JsonPropertyOrder(1)] public string? RequeuedBy { get; }

    [JsonPropertyOrder(1)] public string? FirstAttemptAt { get; }

    /// <summary>The first call of this generation that was not routed: since then its deadline runs.</summary>
    [JsonPropertyOrder(1)] public string? FirstFailedAt { get; }

    /// <summary>All calls of this generation.</summary>
    [JsonPropertyOrder(1)] public int Tries { get; }

    /// <summary>A worker has claimed the event: until the attempt ends, or until <c>dueAt</c>, when the claim expires.</summary>
    [JsonPropertyOrder(1)] public bool InWork { get; }

    [JsonPropertyOrder(1)] public string? DismissedAt { get; }

    /// <summary>The operator who dismissed the event; null unless it is dismissed.</summary>
    [JsonPropertyOrder(1)] public string? DismissedBy { get; }
}
