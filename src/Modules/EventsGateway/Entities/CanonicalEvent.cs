namespace Gateway.EventsGateway.Entities;

/// <summary>
/// One notification of any sender. Ingest makes it of the request, once; queue, store, worker and dead letters carry it beside
/// the signed bytes, and do not read those again.
/// </summary>
internal abstract record CanonicalEvent
{
    /// <summary>The source of events that come over the ingestion endpoint of the NestJS original.</summary>
    public const string BuiltInSource = "gateway";

    public required EventKey Key { get; init; }

    public required string MerchantId { get; init; }

    public required string ShipmentId { get; init; }

    public required EventType Type { get; init; }

    /// <summary>The time that the sender has given; UTC, whole milliseconds.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The earliest acceptance; in the store, by the earlier one of the clocks of ingest and store.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>OccurredAt is too far from receivedAt to be true; receivedAt places the event in its shipment.</summary>
    public bool HasImplausibleTime { get; init; }

    /// <summary>See <see cref="EventDetails"/>; none in lists.</summary>
    public string Details { get; init; } = EventDetails.None;

    /// <summary>The name of the sender in the configuration.</summary>
    public string Source { get; init; } = BuiltInSource;

    /// <summary>The secret that proved the request; null where there is none or it is not known, and in lists.</summary>
    public string? SecretId { get; init; }

    /// <summary>Null: Gateway:Processing:AfterEnd decides, as for the built-in source; null in lists.</summary>
    public AfterEnd? AfterEnd { get; init; }

    /// <summary>The place of an item in its batch, from 0; null where the request was one event, and in lists.</summary>
    public int? ItemIndex { get; init; }

    /// <summary>Of an item, the SHA-256 of the body of its request as hexadecimal digits; null in lists.</summary>
    public string? RequestDigest { get; init; }

    /// <summary>The kept request headers as a JSON object; null in lists.</summary>
    public string? Headers { get; init; }

    public string? Traceparent { get; init; }
}
