namespace Gateway.EventsGateway.Entities;

/// <summary>One notification as the store keeps it.</summary>
internal sealed record EventEntity
{
    /// <summary>The stored acceptances, the first and the last: they distinguish a redelivery from a resubmission.</summary>
    public const int AcceptancesKept = 32;

    private readonly DateTimeOffset? _effectiveAt;

    public required EventKey Key { get; init; }

    public required string MerchantId { get; init; }

    public required string ShipmentId { get; init; }

    public required EventType Type { get; init; }

    /// <summary>The time that the sender has given; UTC, whole milliseconds.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The earliest acceptance, by the earlier one of the clocks of ingest and store.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>The time that places the event in its shipment; see <see cref="AcceptedEvent.EffectiveAt"/>.</summary>
    public DateTimeOffset EffectiveAt
    {
        get => _effectiveAt ?? OccurredAt;
        init => _effectiveAt = value;
    }

    /// <summary>OccurredAt is too far from receivedAt to be true; receivedAt places the event in its shipment.</summary>
    public bool HasImplausibleTime { get; init; }

    public string Source { get; init; } = AcceptedEvent.BuiltInSource;

    /// <summary>See <see cref="AcceptedEvent.SecretId"/>; null in lists.</summary>
    public string? SecretId { get; init; }

    /// <summary>Null: Gateway:Processing:AfterEnd decides; null in lists.</summary>
    public AfterEnd? AfterEnd { get; init; }

    /// <summary>See <see cref="EventDetails"/>; none in lists.</summary>
    public string Details { get; init; } = EventDetails.None;

    /// <summary>See <see cref="AcceptedEvent.ItemIndex"/>; null in lists.</summary>
    public int? ItemIndex { get; init; }

    /// <summary>See <see cref="AcceptedEvent.RequestDigest"/>; null in lists.</summary>
    public string? RequestDigest { get; init; }

    /// <summary>The signed bytes; empty in lists.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Retention has removed the body, headers and attempts.</summary>
    public bool BodyRemoved { get; init; }

    /// <summary>The kept request headers as a JSON object.</summary>
    public string? Headers { get; init; }

    public bool EndsShipment => Type.EndsShipment();

    /// <summary>It came from the queue of the NestJS original, which keeps no time of arrival.</summary>
    public bool IsArrivalUnknown => Headers == AcceptedEvent.FromNest;

    public string? Traceparent { get; init; }

    /// <summary>
    /// The <c>x-request-id</c> of the answer: the sender's, else the first of the known acceptances; null in lists and claims.
    /// </summary>
    public string? RequestId { get; init; }

    public EventStatus Status { get; init; }

    /// <summary>One of <see cref="EventOutcome"/>; null while it is pending.</summary>
    public string? Outcome { get; init; }

    public string? RouteId { get; init; }

    public string? LastError { get; init; }

    public DateTimeOffset? ProcessedAt { get; init; }

    public DateTimeOffset? DismissedAt { get; init; }

    /// <summary>The operator who dismissed it, as in the audit record.</summary>
    public string? DismissedBy { get; init; }

    /// <summary>1 at first, one more with every replay or resubmission of a failed event.</summary>
    public int Generation { get; init; } = 1;

    public DateTimeOffset RequeuedAt { get; init; }

    /// <summary>
    /// The operator who replayed it, as in the audit record; null in the first generation and after a resubmission.
    /// </summary>
    public string? RequeuedBy { get; init; }

    /// <summary>The first call of this generation.</summary>
    public DateTimeOffset? FirstAttemptAt { get; init; }

    /// <summary>The first call of this generation that was not routed: since then its deadline runs.</summary>
    public DateTimeOffset? FirstFailedAt { get; init; }

    /// <summary>All calls of this generation.</summary>
    public int Tries { get; init; }

    /// <summary>Calls of this generation that count against the event.</summary>
    public int AttemptsSpent { get; init; }

    /// <summary>Attempts in a row that ended without an outcome: their worker died.</summary>
    public int AbandonedAttempts { get; init; }

    /// <summary>When a pending event may be claimed; while it is claimed, when its lease ends.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>A worker holds a claim to it; false in lists.</summary>
    public bool IsInWork { get; init; }

    /// <summary>The last 50, of all generations; empty in lists.</summary>
    public IReadOnlyList<AttemptRecord> Attempts { get; init; } = [];
}
