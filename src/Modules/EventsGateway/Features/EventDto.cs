using System.ComponentModel;
using System.Text.Json.Serialization;
using Gateway.EventsGateway.Entities;
using Gateway.Shared.Time;

namespace Gateway.EventsGateway.Features;

/// <summary>The members of an event that list and detail share. Times are ISO 8601, UTC, with milliseconds.</summary>
public abstract record EventDto
{
    private protected EventDto(EventEntity e)
    {
        Key = e.Key.ToString();
        EventId = e.Key.EventId;
        ShippingCompanyId = e.Key.ShippingCompanyId;
        Source = e.Source;
        MerchantId = e.MerchantId;
        ShipmentId = e.ShipmentId;
        Type = e.Type.Text();
        Status = e.Status.Text();
        Outcome = e.Outcome;
        OccurredAt = IsoTime.Text(e.OccurredAt);
        ReceivedAt = IsoTime.Text(e.ReceivedAt);
        ImplausibleTime = e.HasImplausibleTime;
        ProcessedAt = TextOf(e.ProcessedAt);
        DueAt = TextOf(e.DueAt);
        RouteId = e.RouteId;
        LastError = e.LastError;
        Generation = e.Generation;
        BodyRemoved = e.BodyRemoved;
    }

    private protected EventDto(string key, Tombstone tombstone)
    {
        Key = key;
        Status = tombstone.Status.Text();
        ProcessedAt = TextOf(tombstone.ProcessedAt);
        BodyRemoved = true;
    }

    /// <summary>The event key in URLs, logs and calls of the routing service.</summary>
    public string Key { get; }

    public string? EventId { get; }

    public string? ShippingCompanyId { get; }

    /// <summary>The source that the event came from; <c>gateway</c> is the built-in one. Null for a tombstone.</summary>
    public string? Source { get; }

    public string? MerchantId { get; }

    public string? ShipmentId { get; }

    public string? Type { get; }

    [Description(EventStatusText.All)]
    public string Status { get; }

    [Description($"Null while the event is pending; else {EventOutcome.OneOf}.")]
    public string? Outcome { get; }

    public string? OccurredAt { get; }

    public string? ReceivedAt { get; }

    /// <summary>OccurredAt is too far from receivedAt to be true; receivedAt places the event in its shipment.</summary>
    public bool ImplausibleTime { get; }

    public string? ProcessedAt { get; }

    /// <summary>Of a pending event: the time of the next attempt. During an attempt: the time when its claim expires.</summary>
    public string? DueAt { get; }

    public string? RouteId { get; }

    public string? LastError { get; }

    /// <summary>1 for a new event; each replay or resubmission adds 1.</summary>
    public int? Generation { get; }

    /// <summary>Retention has removed the body, headers and attempts.</summary>
    public bool BodyRemoved { get; }

    private protected static string? TextOf(DateTimeOffset? at) => at is null ? null : IsoTime.Text(at.Value);
}

public sealed record EventSummaryDto : EventDto
{
    internal EventSummaryDto(EventEntity e) : base(e) => Attempts = e.Tries;

    /// <summary>Calls of the current generation.</summary>
    [JsonPropertyOrder(1)] public int Attempts { get; }
}
